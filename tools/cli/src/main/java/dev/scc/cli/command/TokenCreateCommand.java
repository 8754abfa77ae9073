package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.view.TokenView;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc token create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Make a token, which lets one node, one server, or one person on one more machine, into the pool: once, and not for"
                    + " long.",
            "Without --node and --user, --server names the server that the token is for; the server to ask is then that of"
                    + " SCC_SERVER or of the context. Such a token counts there alone, needs no majority of the servers, and"
                    + " gets the keys that servers sign with.",
            "Whoever has it may use it: pass it on as you would a password."
        },
        footer = {
            "",
            "Examples:",
            "  scc token create --node n7 > token        then, on n7: scc agent --token token ...",
            "  scc token create --node n7 --address 10.0.0.17 --ttl 1h",
            "  scc token create --server s2 > token      then, on s2: scc server --token token ...",
            "  scc token create --user ada"
        })
final class TokenCreateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    /** For whom. */
    static final class Whom {
        @Option(names = "--node", required = true, paramLabel = "NAME", description = "A node that joins.")
        @Nullable
        String node;

        @Option(names = "--user", required = true, paramLabel = "NAME", description = "A person who is known.")
        @Nullable
        String user;
    }

    @ArgGroup(multiplicity = "0..1")
    @Nullable
    Whom whom;

    @Option(
            names = "--address",
            paramLabel = "IP",
            description = "Where the token has to be used from; default: anywhere.")
    @Nullable
    String address;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            description = "How long it can be used; default ${DEFAULT-VALUE}, at most 7 days.",
            defaultValue = "10m")
    Duration ttl = Duration.ZERO;

    TokenCreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        Optional<Principal> server = server();
        try (TrustClient pool = Pool.trust(session.options(), PATIENCE)) {
            Principal principal = server.isPresent() ? server.get() : principal(pool, Objects.requireNonNull(whom));
            TrustRpc.Token token = pool.invite(
                    principal,
                    Optional.ofNullable(address),
                    ttl,
                    principal.role().isPerson()
                            ? Optional.of(People.named(pool, principal.name()).rights())
                            : Optional.empty());
            String ends = Instant.ofEpochSecond(token.endsMillis() / 1000).toString();
            session.printer().answer(new TokenView(principal.toString(), token.text(), ends));
            session.printer().remark("lets " + principal + " in, once, until " + ends);
        }
        return ExitStatus.DONE.code();
    }

    /** If the token is for nobody else, {@code --server} says for which server, and not where one is. */
    private Optional<Principal> server() {
        if (whom != null) {
            return Optional.empty();
        }
        String name = session.options()
                .takeServer()
                .orElseThrow(() -> new UserMistake("for whom? --node NAME, --server NAME or --user NAME"));
        return Optional.of(UserMistake.reading("--server", name, text -> new Principal(Role.SERVER, text)));
    }

    private static Principal principal(TrustClient pool, Whom whom) throws Exception {
        if (whom.node != null) {
            return UserMistake.reading("--node", whom.node, name -> new Principal(Role.NODE, name));
        }
        return People.named(pool, String.valueOf(whom.user)).who();
    }
}
