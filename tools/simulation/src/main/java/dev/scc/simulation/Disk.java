package dev.scc.simulation;

import dev.scc.host.DurableText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The file of a node's ledger. What has been written survives every crash; a write that was cut short left the old text. */
final class Disk {
    private static final int REMEMBERED = 8;

    private Optional<byte[]> content = Optional.empty();
    /** What stood there before, the latest last; at first nothing. */
    private final List<Optional<byte[]>> former = new ArrayList<>(List.of(Optional.empty()));

    boolean full;

    /** It is put back to a copy that was made some time ago, perhaps before anything stood there. */
    void setBack(Chance chance) {
        replace(chance.of(former));
    }

    void wipe() {
        replace(Optional.empty());
    }

    private void replace(Optional<byte[]> text) {
        if (former.size() == REMEMBERED) {
            former.removeFirst();
        }
        former.add(content);
        content = text;
    }

    /** For onlookers, who take no time and change nothing. */
    DurableText look() {
        return new DurableText() {
            @Override
            public String name() {
                return "ledger";
            }

            @Override
            public Optional<byte[]> read() {
                return content;
            }

            @Override
            public void write(String text) {
                throw new UnsupportedOperationException("onlookers do not write");
            }
        };
    }

    /** As one agent process sees it. */
    DurableText of(AgentProcess agent) {
        return new DurableText() {
            @Override
            public String name() {
                return "ledger of " + agent.name;
            }

            @Override
            public Optional<byte[]> read() {
                return content;
            }

            @Override
            public void write(String text) throws IOException {
                agent.point(Point.Kind.WRITE, "ledger");
                agent.sleep(agent.sim.chance.between(100 * Timeline.MICRO, 3 * Timeline.MILLI));
                if (full) {
                    agent.sim.tally.fault("disk was full");
                    agent.sim.trace.mark(agent.name, "disk full", "");
                    throw new IOException("No space left on device");
                }
                replace(Optional.of(text.getBytes(StandardCharsets.UTF_8)));
                agent.sim.trace.mark(agent.name, "wrote ledger", "");
                agent.sim.promises.ledgerWritten(agent);
                agent.point(Point.Kind.WRITTEN, "ledger");
            }
        };
    }
}
