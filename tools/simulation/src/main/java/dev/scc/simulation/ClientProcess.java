package dev.scc.simulation;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.RequestCall;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.client.TimedOut;
import java.time.Duration;

/** A client with one request: the real call asks one server after another for it, under its id, and waits for the outcome. */
final class ClientProcess extends SimProcess {
    final String id;
    final String caller;
    final Request request;
    final long patience;
    private final SimLines lines;

    /** @param caller who it shows itself as */
    ClientProcess(Simulation sim, String name, String id, String caller, Request request, long patience) {
        super(sim, name);
        this.id = id;
        this.caller = caller;
        this.request = request;
        this.patience = patience;
        this.lines = new SimLines(this);
        begin(this::live);
    }

    private void live() {
        RequestCall call =
                new RequestCall(lines, new TimelineWaiting(this), "simulated", id, request, Duration.ofNanos(patience));
        try {
            Outcome outcome = call.run(
                    Duration.ofNanos(patience), progress -> sim.trace.mark(name, "is told on the way", progress));
            sim.trace.mark(name, "is told", outcome);
            sim.promises.told(this, outcome);
        } catch (ServerUnreachable e) {
            sim.trace.mark(name, "gives up without a connection", "");
            sim.tally.ends.merge("client has no connection", 1L, Long::sum);
        } catch (TimedOut e) {
            sim.trace.mark(name, "gives up", "");
            sim.tally.ends.merge("client gave up", 1L, Long::sum);
            sim.promises.gaveUp(this);
        } catch (InterruptedException e) {
            throw new BrokenPromise("a call does not fail", name + " was interrupted", e);
        }
        exit();
    }

    @Override
    void kill() {
        super.kill();
        lines.abandon();
    }
}
