package dev.scc.simulation;

import dev.scc.host.DurableText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The file of a node's ledger. What has been written survives every crash; a write that was cut short left the old text. */
final class Disk {
    private Optional<byte[]> content = Optional.empty();
    boolean full;

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
                content = Optional.of(text.getBytes(StandardCharsets.UTF_8));
                agent.sim.trace.mark(agent.name, "wrote ledger", "");
                agent.sim.promises.ledgerWritten(agent);
                agent.point(Point.Kind.WRITTEN, "ledger");
            }
        };
    }
}
