package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.client.TrustClient;

/** Looks people up. */
final class People {
    private People() {}

    /** @throws Failure if nobody of that name is known */
    static TrustRpc.Person named(TrustClient pool, String name)
            throws Failure, ServerUnreachable, InterruptedException {
        return pool.people().stream()
                .filter(person -> person.who().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        ExitStatus.FAILED,
                        Problem.of("user " + name, "nobody of that name is known", "scc user list shows who is")));
    }
}
