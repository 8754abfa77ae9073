package dev.scc.simulation;

import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.client.LineLost;
import dev.scc.cluster.client.RequestLines;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A client's calls to simulated servers. They break at any moment, and a server that is stopped says nothing. */
final class SimLines implements RequestLines {
    private final ClientProcess client;
    private final Simulation sim;
    private final List<String> names;

    /** Not all clients begin at the same server. */
    private final int first;

    private @Nullable SimLine open;

    SimLines(ClientProcess client) {
        this.client = client;
        this.sim = client.sim;
        List<String> known =
                sim.controllers.stream().map(one -> one.name).distinct().toList();
        this.names = known.isEmpty() ? List.of("s1") : known;
        this.first = sim.chance.below(names.size());
    }

    @Override
    public int servers() {
        return names.size();
    }

    @Override
    public Line open(int server, ServerRpc.Ask ask) {
        SimLine line = new SimLine(names.get((first + server) % names.size()), ask);
        open = line;
        return line;
    }

    /** The client is dead. */
    void abandon() {
        if (open != null) {
            open.close();
        }
    }

    private final class SimLine implements Line, FrontProcess.Listener {
        private final Queue<Told> heard = new ArrayDeque<>();
        private final OneWay down = new OneWay(sim.timeline, sim::latency, client::deliver);
        private Optional<String> broken = Optional.empty();
        private @Nullable FrontProcess front;
        private boolean closed;

        SimLine(String server, ServerRpc.Ask ask) {
            sim.timeline.after(sim.latency(), () -> arrive(server, ask));
            if (sim.faults.on() && sim.chance.oneIn(8)) {
                sim.timeline.after(sim.chance.between(0, 5 * Timeline.SECOND), this::breakNow);
            }
        }

        private void arrive(String server, ServerRpc.Ask ask) {
            Optional<ControllerProcess> there = sim.controllers.stream()
                    .filter(one -> one.name.equals(server) && one.alive())
                    .findFirst();
            if (there.isEmpty()) {
                sim.tally.fault("server away when called");
                broken("connection refused");
                return;
            }
            there.get().deliver(() -> {
                if (!closed && broken.isEmpty()) {
                    front = sim.front(server, client, ask, this);
                }
            });
        }

        private void breakNow() {
            if (!closed && broken.isEmpty()) {
                sim.tally.fault("call to a server broken");
                sim.trace.mark(client.name, "call broken", "");
                FrontProcess serving = front;
                if (serving != null && serving.alive()) {
                    serving.kill();
                } else {
                    broken("connection reset");
                }
            }
        }

        @Override
        public void tell(Told told) {
            down.send(() -> {
                heard.add(told);
                client.signal();
            });
        }

        @Override
        public void broken(String why) {
            down.send(() -> {
                broken = Optional.of(why);
                client.signal();
            });
        }

        @Override
        public Told next(Duration atMost) throws LineLost {
            long end = sim.timeline.now() + atMost.toNanos();
            while (heard.isEmpty() && broken.isEmpty() && sim.timeline.now() < end) {
                client.takeSignal();
                client.await(end - sim.timeline.now());
            }
            Told told = heard.poll();
            if (told != null) {
                return told;
            }
            if (broken.isPresent()) {
                throw LineLost.broken(broken.get());
            }
            throw LineLost.silent("nothing is heard");
        }

        @Override
        public void close() {
            closed = true;
            FrontProcess serving = front;
            if (serving != null) {
                // The server learns of it a little later.
                sim.timeline.after(sim.latency(), serving::kill);
            }
        }
    }
}
