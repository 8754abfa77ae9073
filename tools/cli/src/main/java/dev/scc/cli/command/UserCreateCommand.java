package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc user create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Let a person in. The answer is a context file with a token in it, which its first use turns into a key that never"
                    + " leaves that person's machine. Again for somebody who is known: with other rights"
                    + " from then on, and a new token."
        },
        footer = {
            "",
            "Examples:",
            "  scc user create ada --role user --quota 16 --clusters demo > ada.yaml",
            "  scc user create grace --role operator --unix-user grace > grace.yaml",
            "Then, as ada:",
            "  scc --context ada.yaml list"
        })
final class UserCreateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What somebody may be. */
    enum Rank {
        admin(Role.ADMIN),
        operator(Role.OPERATOR),
        user(Role.USER),
        viewer(Role.VIEWER);

        private final Role role;

        Rank(Role role) {
            this.role = role;
        }
    }

    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The person's name.")
    String name = "";

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = {
                "viewer: sees everything, changes nothing.",
                "user: has clusters and jobs of his own.",
                "operator: manages clusters and nodes.",
                "admin: also lets others in and puts them out."
            })
    Rank rank = Rank.viewer;

    @Option(
            names = "--clusters",
            split = ",",
            paramLabel = "NAME",
            description = "Clusters of others that a user may use.")
    List<String> clusters = List.of();

    @Option(
            names = "--quota",
            paramLabel = "N",
            description = "How many nodes the clusters of a user may have together; default any number.")
    @Nullable
    Integer quota;

    @Option(
            names = "--unix-user",
            paramLabel = "NAME",
            description = "The account of his jobs, which each node has to have; default the one for all.")
    @Nullable
    String unixUser;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            description = "How long the token can be used; default ${DEFAULT-VALUE}, at most 7 days.",
            defaultValue = "24h")
    Duration ttl = Duration.ZERO;

    UserCreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        Principal principal = UserMistake.reading(name, text -> new Principal(rank.role, text));
        clusters.forEach(cluster -> UserMistake.reading("--clusters", cluster, ClusterName::new));
        Rights rights = UserMistake.reading(
                Optional.ofNullable(quota), nodes -> new Rights(clusters, Optional.ofNullable(unixUser), nodes));
        try (TrustClient pool = Pool.trust(session.options(), PATIENCE)) {
            TrustRpc.Token token = pool.invite(principal, Optional.empty(), ttl, Optional.of(rights));
            Contexts.Context context = new Contexts.Context(
                    JoinToken.parse(token.text()).servers(), session.options().namespace(), "", token.text());
            session.out().print(new Contexts(name, Map.of(name, context)).format());
            session.printer()
                    .remark("pass this on to " + name + " as you would a password; it can be used once, until "
                            + Instant.ofEpochSecond(token.endsMillis() / 1000));
        }
        return ExitStatus.DONE.code();
    }
}
