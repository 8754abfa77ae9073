package dev.scc.cluster.world;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Entry;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Entries and what their texts mean. A text is read again only when it is another one. */
final class Values {
    private static final Logger log = LoggerFactory.getLogger(Values.class);

    private static final int COMMON = 128;

    private final Map<String, Entry> entries;
    private final Map<String, Read> known = new HashMap<>();

    /** Many nodes have the same assignment, and many say the same. */
    private final Map<Class<?>, Map<String, Object>> common = new HashMap<>();

    private record Read(String text, Object value) {}

    Values(Map<String, Entry> entries) {
        this.entries = entries;
    }

    Values() {
        this(new HashMap<>());
    }

    /** What stands at one of the paths now; empty if nothing does. */
    void update(String path, Optional<Entry> now) {
        now.ifPresentOrElse(entry -> entries.put(path, entry), () -> {
            entries.remove(path);
            known.remove(path);
        });
    }

    void clear() {
        entries.clear();
    }

    /** Forgets what was read of entries that are not there any more. */
    void trim() {
        known.keySet().retainAll(entries.keySet());
    }

    /** One node; empty if it is not enrolled. */
    Optional<Node> node(NodeName name) {
        Optional<Held<NodeRecord>> record = held(Paths.node(name), NodeRecord.class);
        Optional<Held<Assignment>> assignment = held(Paths.assign(name), Assignment.class);
        if (record.isEmpty() || assignment.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Node(
                record.get(),
                assignment.get(),
                foreign(Paths.status(name), NodeStatus.class),
                foreign(Paths.inventory(name), Inventory.class),
                entries.containsKey(Paths.alive(name))));
    }

    /** @throws IllegalArgumentException if it cannot be understood; the message names the path */
    <T> Optional<Held<T>> held(String path, Class<T> type) {
        return Optional.ofNullable(entries.get(path))
                .map(entry -> new Held<>(value(path, entry, type), entry.version()));
    }

    /** What an agent wrote. One that cannot be understood must not stop the work of all others. */
    private <T> Optional<T> foreign(String path, Class<T> type) {
        try {
            return Optional.ofNullable(entries.get(path)).map(entry -> value(path, entry, type));
        } catch (IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("why", e.getMessage())
                    .log("entry ignored");
            return Optional.empty();
        }
    }

    private <T> T value(String path, Entry entry, Class<T> type) {
        Read before = known.get(path);
        if (before != null && before.text().equals(entry.text())) {
            return type.cast(before.value());
        }
        T value;
        try {
            value = parse(entry.text(), type);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + " is " + e.getMessage(), e);
        }
        known.put(path, new Read(entry.text(), value));
        return value;
    }

    private <T> T parse(String text, Class<T> type) {
        Map<String, Object> texts = common.computeIfAbsent(type, _ -> new HashMap<>());
        Object before = texts.get(text);
        if (before != null) {
            return type.cast(before);
        }
        T value = Json.read(text, type);
        if (texts.size() >= COMMON) {
            texts.clear();
        }
        texts.put(text, value);
        return value;
    }
}
