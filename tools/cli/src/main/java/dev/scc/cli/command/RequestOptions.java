package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.client.TimedOut;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A request takes effect at most once, by its id. Whoever was interrupted, or lost the connection, follows it again by that
 * id, as often as wanted.
 */
final class RequestOptions {
    @Option(
            names = "--request",
            paramLabel = "ID",
            description = "Follow the request of that id; where there is none yet, make it under that id.")
    @Nullable
    String given;

    private @Nullable String made;

    /** The id that was given, or one that nobody has used before: the same at every call. */
    String id() {
        if (given != null) {
            return given;
        }
        if (made == null) {
            made = ClusterClient.newRequestId();
        }
        return made;
    }

    /** The request that goes by the given id; empty if none was given, or nothing is known of it. */
    Optional<Request> earlier(ClusterClient pool) throws ServerUnreachable, InterruptedException {
        return given == null ? Optional.empty() : pool.request(given);
    }

    /** Asks, and waits for the end. */
    @FunctionalInterface
    interface Asking {
        Outcome ask(String id) throws ServerUnreachable, TimedOut, InterruptedException;
    }

    /**
     * The outcome of a request that goes on when nobody waits for it.
     *
     * @param what such as {@code create demo}; its first word is the command that follows it
     * @throws Failure if the wait is interrupted or takes too long; it says how to follow the request
     */
    Outcome await(String what, String takeBack, Asking asking) throws Failure, ServerUnreachable {
        try {
            return asking.ask(id());
        } catch (TimedOut e) {
            throw goesOn(ExitStatus.TIMED_OUT, what, String.valueOf(e.getMessage()), takeBack);
        } catch (InterruptedException e) {
            throw goesOn(ExitStatus.INTERRUPTED, what, "interrupted while waiting for its end", takeBack);
        }
    }

    private Failure goesOn(ExitStatus status, String what, String why, String takeBack) {
        String follow = "scc " + what.substring(0, what.indexOf(' ')) + " --request " + id() + " follows it";
        return new Failure(
                status,
                new Problem(
                        what,
                        "",
                        "",
                        why,
                        "the server goes on with the request",
                        takeBack.isEmpty() ? follow : follow + "; " + takeBack));
    }
}
