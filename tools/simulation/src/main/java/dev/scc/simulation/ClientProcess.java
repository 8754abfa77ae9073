package dev.scc.simulation;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.RequestCall;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.client.TimedOut;
import dev.scc.cluster.client.Waiting;
import java.time.Duration;
import java.util.Optional;

/** A client with one request: the real call writes it under its id, unless it is there already, and waits for the outcome. */
final class ClientProcess extends SimProcess {
    final String id;
    final Request request;
    private final long patience;

    ClientProcess(Simulation sim, String name, String id, Request request, long patience) {
        super(sim, name);
        this.id = id;
        this.request = request;
        this.patience = patience;
        start(this::live);
    }

    private void live() {
        RequestCall call = new RequestCall(new SimTree(this), "simulated", id, request, cluster(), new ByItsTimeline());
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
        } catch (IllegalArgumentException e) {
            throw new BrokenPromise("P2", id + " is another request", e);
        } catch (InterruptedException e) {
            throw new BrokenPromise("a call does not fail", name + " was interrupted", e);
        }
        exit();
    }

    /** As the client's operations do: those who ask about a node are not told what clusters do. */
    private Optional<ClusterName> cluster() {
        return switch (request) {
            case Request.Create create -> Optional.of(create.spec().name());
            case Request.Scale scale -> Optional.of(scale.cluster());
            case Request.Delete delete -> Optional.of(delete.cluster());
            case Request.Cordon _, Request.Uncordon _, Request.Label _, Request.Collect _, Request.Forget _ ->
                Optional.empty();
        };
    }

    /** The process waits, and others go on. */
    private final class ByItsTimeline implements Waiting {
        @Override
        public long nanos() {
            return sim.timeline.now();
        }

        @Override
        public Bell bell() {
            return new Bell() {
                private boolean rung;

                @Override
                public void ring() {
                    rung = true;
                    signal();
                }

                @Override
                public void forget() {
                    rung = false;
                }

                @Override
                public boolean await(Duration atMost) {
                    long end = nanos() + atMost.toNanos();
                    while (!rung && nanos() < end) {
                        takeSignal();
                        ClientProcess.this.await(end - nanos());
                    }
                    boolean before = rung;
                    rung = false;
                    return before;
                }
            };
        }
    }
}
