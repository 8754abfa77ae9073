package dev.scc.cluster.client;

import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.api.Progress;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.api.Waiting;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One request from asking for it to knowing its outcome. When its server goes, or says nothing any more, it goes on at the
 * next one under the same id. Not thread-safe; for one call.
 */
public final class RequestCall {
    /** The longest that one of several servers may be silent; each says that it is alive a few times in it. */
    static final Duration SILENCE = Duration.ofMillis(900);

    static final Duration BEAT = Duration.ofMillis(300);

    /** Between two servers, or two tries at the same one. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final RequestLines lines;
    private final Waiting waiting;
    private final String servers;
    private final String id;
    private final Request request;
    private final Duration patience;
    private int server;
    private boolean answered;
    private boolean accepted;
    private Optional<LineLost> lost = Optional.empty();
    private Optional<Progress.Entered> entered = Optional.empty();
    private final Set<NodeName> told = new HashSet<>();

    /**
     * One that has not begun.
     *
     * @param servers where they are, for messages
     * @param patience how long to look for a server at all
     */
    public RequestCall(
            RequestLines lines, Waiting waiting, String servers, String id, Request request, Duration patience) {
        this.lines = lines;
        this.waiting = waiting;
        this.servers = servers;
        this.id = id;
        this.request = request;
        this.patience = patience;
    }

    /**
     * Asks, and waits for the end of it. Once only.
     *
     * @throws TimedOut if there is no outcome in time; the request goes on
     */
    public Outcome run(Duration atMost, Consumer<Progress> progress)
            throws ServerUnreachable, TimedOut, InterruptedException {
        long begin = waiting.nanos();
        long end = begin + atMost.toNanos();
        boolean several = lines.servers() > 1;
        Waiting.Bell pause = waiting.bell();
        while (true) {
            try (RequestLines.Line line =
                    lines.open(server, new ServerRpc.Ask(id, request, several ? BEAT.toMillis() : 0))) {
                while (true) {
                    Optional<Outcome> outcome = hear(line.next(silence(begin, end)), progress);
                    if (outcome.isPresent()) {
                        return outcome.get();
                    }
                    if (waiting.nanos() - end >= 0) {
                        throw late(atMost);
                    }
                }
            } catch (LineLost e) {
                // The only server may have nothing to say for long.
                lost = several || !e.silent() || !answered ? Optional.of(e) : Optional.empty();
                server = (server + 1) % lines.servers();
            }
            long now = waiting.nanos();
            // Not once more for an instant: what it says then is no news.
            if (!answered
                    && lost.isPresent()
                    && now - begin >= patience.minus(PAUSE).toNanos()) {
                throw ServerUnreachable.noAnswer(servers, patience, lost.get());
            }
            if (now - end >= 0) {
                throw late(atMost);
            }
            pause.await(PAUSE);
        }
    }

    /** How long the server may say nothing: the first word comes at once. */
    private Duration silence(long begin, long end) {
        long now = waiting.nanos();
        long most = lines.servers() > 1 ? SILENCE.toNanos() : answered ? end - now : begin + patience.toNanos() - now;
        return Duration.ofNanos(Math.max(0, Math.min(most, end - now)));
    }

    private Optional<Outcome> hear(Told what, Consumer<Progress> progress) {
        answered = true;
        lost = Optional.empty();
        switch (what) {
            case Told.Accepted _ -> accepted = true;
            case Told.Beat _ -> {}
            case Told.Moved moved -> {
                if (isNews(moved.progress())) {
                    progress.accept(moved.progress());
                }
            }
            case Told.Ended ended -> {
                return Optional.of(ended.outcome());
            }
        }
        return Optional.empty();
    }

    /** Another server begins with what has been told already. */
    private boolean isNews(Progress progress) {
        return switch (progress) {
            case Progress.Entered now -> {
                boolean news = !entered.equals(Optional.of(now));
                if (news) {
                    told.clear();
                }
                entered = Optional.of(now);
                yield news;
            }
            case Progress.NodeDone done -> told.add(done.node());
            case Progress.NodeFailed failed -> told.add(failed.node());
        };
    }

    private TimedOut late(Duration atMost) throws ServerUnreachable {
        if (lost.isPresent()) {
            throw new ServerUnreachable(
                    "server " + servers + " was lost while request " + id
                            + " was under way; whether it took effect is unknown, the same id again tells",
                    lost.get());
        }
        Optional<ClusterPhase> phase = entered.map(Progress.Entered::phase);
        return new TimedOut(request.title() + " has no outcome after " + atMost.toSeconds() + " s; "
                + phase.map(now -> "the cluster is " + now + ", and the controller goes on with it")
                        .orElse("no controller has taken up the request" + (accepted ? "" : " or even seen it")));
    }
}
