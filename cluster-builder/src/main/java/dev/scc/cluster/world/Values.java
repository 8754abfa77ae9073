package dev.scc.cluster.world;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.tree.Entry;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Entries and what their texts mean. A text is read again only when it is another one. What cannot be read is as good as not
 * there, and is named.
 */
final class Values {
    private static final int COMMON = 128;

    private final Map<String, Entry> entries;
    private final Map<String, Read> known = new HashMap<>();

    /** Many nodes have the same assignment, and many say the same. */
    private final Map<Class<?>, Map<String, Object>> common = new HashMap<>();

    /** Paths of what cannot be read, each with the reason. */
    private final Map<String, String> unread = new TreeMap<>();

    private record Read(String text, Object value) {}

    Values(Map<String, Entry> entries) {
        this.entries = entries;
    }

    Values() {
        this(new HashMap<>());
    }

    /** What stands at one of the paths now; empty if nothing does. */
    void update(String path, Optional<Entry> now) {
        unread.remove(path);
        now.ifPresentOrElse(entry -> entries.put(path, entry), () -> {
            entries.remove(path);
            known.remove(path);
        });
    }

    void clear() {
        entries.clear();
        unread.clear();
    }

    /** Forgets what was read of entries that are not there any more. */
    void trim() {
        known.keySet().retainAll(entries.keySet());
    }

    /** Paths of entries that were looked at and cannot be read, each with the reason. */
    Map<String, String> unread() {
        return new TreeMap<>(unread);
    }

    /** Something stands there that nothing of ours can be. */
    void refuse(String path, String why) {
        unread.put(path, why);
    }

    /** One node; empty if it is not enrolled, or if that cannot be read. */
    Optional<Node> node(NodeName name) {
        Optional<Held<NodeRecord>> record = held(Paths.node(name), NodeRecord.class)
                .filter(held -> is(name, held.value().node(), Paths.node(name)));
        Optional<Held<Assignment>> assignment = held(Paths.assign(name), Assignment.class);
        Optional<NodeStatus> status = held(Paths.status(name), NodeStatus.class).map(Held::value);
        Optional<Inventory> inventory = held(Paths.inventory(name), Inventory.class)
                .map(Held::value)
                .filter(has -> is(name, has.node(), Paths.inventory(name)));
        if (record.isEmpty() || assignment.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> unreadable = Stream.of(Paths.status(name), Paths.inventory(name))
                .filter(unread::containsKey)
                .findFirst()
                .map(path -> path + " " + unread.get(path));
        return Optional.of(new Node(
                record.get(), assignment.get(), status, inventory, entries.containsKey(Paths.alive(name)), unreadable));
    }

    /** One VPC, with all that can be read of who is in it; empty if it is not there, or if that cannot be read. */
    Optional<Vpc> vpc(VpcName name) {
        String path = Paths.vpc(name);
        NavigableMap<String, Held<Holding>> holdings = new TreeMap<>();
        List<String> below = entries.keySet().stream()
                .filter(each -> each.startsWith(path + "/"))
                .toList();
        for (String each : below) {
            held(each, Holding.class).ifPresent(holding -> holdings.put(each.substring(path.length() + 1), holding));
        }
        return held(path, VpcRecord.class)
                .filter(held -> is(name, held.value().name(), path))
                .map(record -> new Vpc(record, holdings));
    }

    /** A security group; empty if it is not there, or if that cannot be read. */
    Optional<Held<GroupRecord>> group(GroupName name) {
        String path = Paths.group(name);
        return held(path, GroupRecord.class).filter(held -> {
            boolean same = held.value().name().equals(name);
            if (!same) {
                refuse(path, "is group " + held.value().name());
            }
            return same;
        });
    }

    /** The ENIs of a node; empty if it never had any, or if that cannot be read. */
    Optional<NodeEnis> enis(NodeName name) {
        Optional<PlugStatus> said = held(Paths.plugged(name), PlugStatus.class).map(Held::value);
        return held(Paths.plugs(name), NodePlugs.class).map(plugs -> new NodeEnis(plugs, said));
    }

    private boolean is(VpcName name, VpcName said, String path) {
        if (!name.equals(said)) {
            refuse(path, "is VPC " + said);
        }
        return name.equals(said);
    }

    private boolean is(NodeName name, NodeName said, String path) {
        if (!name.equals(said)) {
            refuse(path, "is of node " + said);
        }
        return name.equals(said);
    }

    /** Empty if nothing stands there, or if that cannot be read. */
    <T> Optional<Held<T>> held(String path, Class<T> type) {
        Entry entry = entries.get(path);
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Held<>(value(path, entry, type), entry.version()));
        } catch (IllegalArgumentException e) {
            refuse(path, "is " + e.getMessage());
            return Optional.empty();
        }
    }

    private <T> T value(String path, Entry entry, Class<T> type) {
        Read before = known.get(path);
        // Of what is too large there is no text, and none was ever read that is empty.
        if (before != null && before.text().equals(entry.text())) {
            return type.cast(before.value());
        }
        T value = parse(entry, type);
        known.put(path, new Read(entry.text(), value));
        return value;
    }

    private <T> T parse(Entry entry, Class<T> type) {
        Map<String, Object> texts = common.computeIfAbsent(type, _ -> new HashMap<>());
        Object before = texts.get(entry.text());
        if (before != null) {
            return type.cast(before);
        }
        T value = entry.read(type);
        if (texts.size() >= COMMON) {
            texts.clear();
        }
        texts.put(entry.text(), value);
        return value;
    }
}
