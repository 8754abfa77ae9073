package dev.scc.host;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A text that survives whoever writes it, but not this process: for machines that are in memory themselves.
 *
 * @param name for messages
 * @param text holds what was written last
 */
public record MemoryText(String name, AtomicReference<Optional<String>> text) implements DurableText {
    public MemoryText(String name) {
        this(name, new AtomicReference<>(Optional.empty()));
    }

    @Override
    public Optional<byte[]> read() {
        return text.get().map(known -> known.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void write(String next) {
        text.set(Optional.of(next));
    }
}
