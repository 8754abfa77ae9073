package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.api.TrustRpc.RotationStep;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.trust.Root;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc root rotate}. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = {
            "Replace a root while everything runs. A new one is made, and all servers, agents and keepers learn to trust it;"
                    + " then it signs, and they get new certificates at once, people with a command that they give"
                    + " a day or more after their last one was signed. The old one counts until scc root drop.",
            "Again after it was interrupted, or has waited for somebody in vain: goes on where it was.",
            "--timeout is how long it waits for the others each time; default 1m."
        },
        footer = {"", "Examples:", "  scc root rotate members", "  scc root rotate servers --force"})
final class RootRotateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Session session;

    @Parameters(paramLabel = "ROOT", description = "servers or members.")
    String root = "";

    @Option(
            names = "--force",
            description =
                    "Do not wait for people who have not heard of the new root: until they renew their certificates"
                            + " they cannot reach what shows a new one, or need a new token after the drop.")
    boolean force;

    RootRotateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        Root which = RootAnswers.root(root);
        boolean signs = false;
        try (TrustClient pool = Pool.trust(session.options(), PATIENCE)) {
            TrustRpc.RootsSaid said = pool.roots();
            signs = said.rotation()
                    .filter(on -> on.root() == which)
                    .map(on -> switch (on.phase()) {
                        case REISSUING -> true;
                        case SPREADING, DROPPED -> false;
                    })
                    .orElse(false);
            if (!signs) {
                pool.rotate(which, RotationStep.BEGIN, force);
                session.printer().remark("a new root of " + which + " is made; the old one signs until all know it");
                await(pool, which, false);
                pool.rotate(which, RotationStep.CHANGE, force);
            }
        }
        session.printer().remark("the new root of " + which + " signs");
        // With what is shown from now on: the connection of before may be of the old root.
        try (TrustClient pool = Pool.trust(session.options(), PATIENCE)) {
            await(pool, which, true);
            session.printer().answer(RootAnswers.view(pool.roots()));
        }
        session.printer().remark("scc root drop " + which + " ends it");
        return ExitStatus.DONE.code();
    }

    private void await(TrustClient pool, Root which, boolean signs) throws Exception {
        long end = System.nanoTime() + session.options().timeoutOr(PATIENCE).toNanos();
        while (true) {
            TrustRpc.RootsSaid said = pool.roots();
            boolean onlyPeople =
                    said.behind().stream().allMatch(who -> who.role().isPerson());
            if (said.behind().isEmpty() || (onlyPeople && (force || signs))) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new Failure(
                        ExitStatus.TIMED_OUT,
                        new Problem(
                                "root rotate " + which,
                                "",
                                "",
                                RootAnswers.few(said.behind())
                                        + (signs
                                                ? " have no certificate of the new root yet"
                                                : " have not heard of the new root yet"),
                                signs ? "the new root signs" : "the old root signs, the new one is trusted",
                                "scc root list shows who is behind; scc root rotate " + which + " goes on"
                                        + (onlyPeople ? ", with --force without waiting for people" : "")));
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }
}
