package dev.scc.fabric.verbs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What a probe does, but for the network: so that the first real one does not have to load a few hundred classes. */
final class Rehearsal {
    private Rehearsal() {}

    /** @throws IllegalStateException if the parts do not work together */
    static void run() {
        List<Message> messages = List.of(
                new Message.Hello("session", 0, "n1", "n2", 1, 7),
                new Message.Welcome(1, 2, 3, 4, 5),
                new Message.Refused("not now"),
                new Message.Ping(1),
                new Message.Compare(),
                new Message.Compared(""),
                new Message.Done(),
                new Message.Counted(1, 2));
        for (Message message : messages) {
            try {
                if (!Message.decode(Message.encode(message)).equals(message)) {
                    throw new IllegalStateException("probe message " + message + " does not survive the wire");
                }
            } catch (IOException e) {
                throw new IllegalStateException("probe message " + message + " cannot be read", e);
            }
        }
        try (ProbeMemory memory = new ProbeMemory(ProbeMemory.Use.MEASURE)) {
            ByteBuffer block = memory.out();
            SeededBytes.clear(block);
            SeededBytes.fill(block, 1);
            SeededBytes.difference(block, 1).ifPresent(difference -> {
                throw new IllegalStateException("seeded bytes differ: " + difference);
            });
        }
        Histogram latency = new Histogram(3);
        latency.recordValue(1000);
        if (latency.getValueAtPercentile(50) != 1000) {
            throw new IllegalStateException("a histogram of one value has another median");
        }
    }
}
