package dev.scc.host;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A text that survives whoever writes it, but not this process: for machines that are in memory themselves. Parts that
 * several have in common are held once.
 */
public final class MemoryText implements DurableText {
    private final String name;
    private final AtomicReference<Optional<List<String>>> parts = new AtomicReference<>(Optional.empty());

    /** @param name for messages */
    public MemoryText(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<byte[]> read() {
        return parts.get().map(known -> String.join("", known).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void write(String text) {
        write(List.of(text));
    }

    @Override
    public void write(List<String> next) {
        parts.set(Optional.of(List.copyOf(next)));
    }
}
