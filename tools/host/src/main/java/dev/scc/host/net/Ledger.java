package dev.scc.host.net;

import dev.scc.host.AtomicFile;
import dev.scc.host.DurableText;
import dev.scc.host.Json;
import dev.scc.host.Later;
import dev.scc.host.Memo;
import dev.scc.host.MemoryText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;

/**
 * What an agent must not forget, in one file on its own disk: whom it serves, the highest epoch that it has obeyed, and
 * which objects it has made or is about to make, as far as they bear our mark themselves: the others sit on them. It is
 * written <em>before</em> the machine is changed, so whatever a killed agent leaves behind is either in the ledger or was
 * never made.
 *
 * @param <P> what the agent serves; this class only keeps it
 */
public final class Ledger<P> {
    /** Of what thousands of nodes in memory serve, most is the same. */
    private static final Memo<Object, String> SHARED = new Memo<>(Json::write);

    private final DurableText file;
    private final JavaType type;
    private final Function<Object, String> text;
    /** What stands there; empty before it was read, and when a write has failed. Nobody else writes there. */
    private Optional<Page<P>> known = Optional.empty();

    public Ledger(Path file, Class<P> payload) {
        this(new AtomicFile(file), payload);
    }

    public Ledger(DurableText file, Class<P> payload) {
        this(file, payload, Json::write);
    }

    private Ledger(DurableText file, Class<P> payload, Function<Object, String> text) {
        this.file = file;
        this.text = text;
        this.type = Json.mapper().getTypeFactory().constructParametricType(Page.class, payload);
    }

    /** Of a node in memory, of which a process may have thousands: it is gone with the process. */
    public static <P> Ledger<P> inMemory(String name, Class<P> payload) {
        return new Ledger<>(new MemoryText(name), payload, SHARED::of);
    }

    /**
     * The content of a ledger.
     *
     * @param epoch the highest fencing number that this agent has obeyed; 0: none yet
     * @param serving what it serves; empty: nothing, it is free or cleaning up
     * @param objects what it has made, or is about to make or to remove
     * @param onTrial whether what it serves is taken back unless a server is reached with it there
     */
    public record Page<P>(
            long epoch,
            Optional<P> serving,
            NetState objects,
            @Later boolean onTrial) {
        public Page {
            if (epoch < 0) {
                throw new IllegalArgumentException("epoch " + epoch + " is negative");
            }
        }

        public static <P> Page<P> blank() {
            return new Page<>(0, Optional.empty(), NetState.empty(), false);
        }

        /** The same, for good. */
        public Page<P> confirmed() {
            return new Page<>(epoch, serving, objects, false);
        }
    }

    /**
     * What was written last; a blank page before that.
     *
     * @throws IOException if the file cannot be read or understood; it is then not overwritten by itself, because it may
     *     be all that tells what is left on this node
     */
    public synchronized Page<P> read() throws IOException {
        if (known.isEmpty()) {
            known = Optional.of(readText());
        }
        return known.get();
    }

    private Page<P> readText() throws IOException {
        Optional<byte[]> content = file.read();
        if (content.isEmpty()) {
            return Page.blank();
        }
        try {
            return Json.mapper().readValue(content.get(), type);
        } catch (JacksonException e) {
            throw new IOException(
                    "ledger " + file.name() + " cannot be understood: " + e.getOriginalMessage()
                            + "; move it away to start anew from what bears our mark",
                    e);
        }
    }

    /** Replaces the content; on disk when this returns. */
    public synchronized void write(Page<P> page) throws IOException {
        known = Optional.empty();
        file.write(List.of(
                "{\"epoch\":" + page.epoch() + ",\"serving\":",
                page.serving().map(text).orElse("null"),
                ",\"objects\":" + Json.write(page.objects()) + ",\"onTrial\":" + page.onTrial() + "}\n"));
        known = Optional.of(page);
    }
}
