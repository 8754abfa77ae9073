package dev.scc.cluster.server;

import dev.scc.cluster.front.TrustService;
import dev.scc.cluster.trust.Authority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** What a server gives whoever may read its data directory: he is its administrator anyway. */
public final class Administrator {
    /** In a server's data directory. */
    public static final String CREDENTIALS = "admin.pem";

    private static final Duration LIFE = Duration.ofDays(365);

    private Administrator() {}

    /** Leaves credentials in the data directory, anew at each start. */
    public static void admit(Authority authority, Path data) throws IOException {
        authority.issue(TrustService.LOCAL_ADMINISTRATOR, LIFE).write(data.resolve(CREDENTIALS));
    }
}
