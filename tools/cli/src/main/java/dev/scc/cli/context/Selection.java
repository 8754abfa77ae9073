package dev.scc.cli.context;

import dev.scc.cluster.client.Membership;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context that a command uses, and the file that it is in.
 *
 * @param name of the context in that file
 */
public record Selection(Path file, String name, Contexts.Context context) {
    private static final Logger log = LoggerFactory.getLogger(Selection.class);
    private static final Duration RENEWED_AFTER = Duration.ofDays(1);
    private static final Duration JOINING = Duration.ofSeconds(30);

    /** What a server on this machine leaves for its administrator. */
    private static final Path LOCAL = Path.of("/run/scc/config.yaml");

    /** Where a server on this machine leaves the context of its administrator. */
    public static Path localFile() {
        return LOCAL;
    }

    /**
     * That of this name, or in this file; else the current one of the user; else that of a server on this machine.
     *
     * @param named a context of the user's, or the name of a file with one
     * @throws UserMistake if there is no context of that name
     */
    public static Optional<Selection> of(Optional<String> named) throws IOException {
        if (named.isEmpty()) {
            Optional<Selection> own = current(Contexts.defaultFile());
            return own.isPresent() ? own : Files.isReadable(LOCAL) ? current(LOCAL) : Optional.empty();
        }
        String wanted = named.get();
        Contexts contexts = Contexts.read(Contexts.defaultFile());
        Contexts.Context context = contexts.contexts().get(wanted);
        if (context != null) {
            return Optional.of(new Selection(Contexts.defaultFile(), wanted, context));
        }
        Optional<Selection> inFile = current(Path.of(wanted).toAbsolutePath());
        if (inFile.isEmpty()) {
            throw new UserMistake("--context \"" + wanted + "\" is neither a context in " + Contexts.defaultFile()
                    + " nor a file with one");
        }
        return inFile;
    }

    private static Optional<Selection> current(Path file) throws IOException {
        Contexts contexts = Contexts.read(file);
        return contexts.selected().map(context -> new Selection(file, contexts.current(), context));
    }

    /** Once a day, so that a person hears of new roots, and is not let out for as long as he comes now and then. */
    private void renew(Path own) throws IOException, InterruptedException {
        Credentials kept = Credentials.read(own);
        Instant now = Instant.now();
        if (now.isBefore(kept.signed().plus(RENEWED_AFTER)) || now.isAfter(kept.ends())) {
            return;
        }
        try {
            Membership.renew(context.server(), Connections.as(new LiveCredentials(kept)), kept.principal())
                    .write(own);
        } catch (IOException | UserMistake e) {
            log.atDebug().setCause(e).log("the certificate was not renewed; the next command tries again");
        }
    }

    /**
     * The file with what the caller shows. A token that the context has is spent for it: what comes of it stays beside the
     * context's file, and the token is taken out of that.
     *
     * @throws UserMistake if the token is refused
     */
    public Optional<Path> credentials() throws IOException, InterruptedException {
        if (!context.credentials().isEmpty()) {
            Path own = Path.of(context.credentials());
            // What a token has got stays beside the context's file; other credentials are looked after by others.
            if (own.equals(file.toAbsolutePath().resolveSibling(name + ".pem"))) {
                renew(own);
            }
            return Optional.of(own);
        }
        if (context.token().isEmpty()) {
            return Optional.empty();
        }
        Credentials joined = Membership.join(UserMistake.reading("token", context.token(), JoinToken::parse), JOINING);
        Path kept = file.toAbsolutePath().resolveSibling(name + ".pem");
        joined.write(kept);
        Contexts.Context next = new Contexts.Context(context.server(), context.netns(), kept.toString(), "");
        Contexts contexts = Contexts.read(file);
        String current = contexts.current();
        Contexts changed = contexts.select(name, next);
        new Contexts(current, changed.contexts()).write(file);
        return Optional.of(kept);
    }
}
