package dev.scc.cluster.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A tree in memory with one session, which tells what was read. Watches name each change at once. Thread-safe. */
public final class MemoryTree implements Tree {
    /** The id of the only session. */
    public static final long SESSION = 7;

    private final NavigableMap<String, Entry> entries = new TreeMap<>();
    private final List<Watch> watches = new ArrayList<>();
    private final List<Consumer<SessionState>> listeners = new ArrayList<>();
    private final List<String> read = new ArrayList<>();
    private int lists;
    private int syncs;

    private record Watch(String path, Consumer<String> named, Runnable anything) {}

    /** What was read since this was asked last, as far as something may have stood there. */
    public synchronized List<String> taken() {
        List<String> taken = List.copyOf(read);
        read.clear();
        return taken;
    }

    /** How often names below a path were asked for. */
    public synchronized int lists() {
        return lists;
    }

    public synchronized int syncs() {
        return syncs;
    }

    /** Somebody writes this, whatever stood there. */
    public synchronized void put(String path, String text) {
        Entry before = entries.get(path);
        entries.put(path, new Entry(text, before == null ? 0 : before.version() + 1, 0));
        changed(path);
    }

    /** Somebody removes it. */
    public synchronized void remove(String path) {
        entries.remove(path);
        changed(path);
    }

    /** The connection was away for a moment. */
    public synchronized void doubt() {
        watches.forEach(watch -> watch.anything().run());
        listeners.forEach(listener -> listener.accept(SessionState.CONNECTED));
    }

    private void changed(String path) {
        List.copyOf(watches).stream()
                .filter(watch -> path.equals(watch.path()) || path.startsWith(watch.path() + "/"))
                .forEach(watch -> watch.named().accept(path));
    }

    @Override
    public synchronized Optional<Entry> get(String path) {
        read.add(path);
        return Optional.ofNullable(entries.get(path));
    }

    @Override
    public synchronized Map<String, Entry> get(Collection<String> paths) {
        Map<String, Entry> found = new TreeMap<>();
        for (String path : paths) {
            get(path).ifPresent(entry -> found.put(path, entry));
        }
        return found;
    }

    @Override
    public synchronized void sync() {
        syncs++;
    }

    @Override
    public synchronized List<String> children(String path) {
        lists++;
        return entries.keySet().stream()
                .filter(each -> each.startsWith(path + "/") && each.indexOf('/', path.length() + 1) < 0)
                .map(each -> each.substring(path.length() + 1))
                .toList();
    }

    @Override
    public synchronized void commit(List<Op> ops) throws Conflict {
        NavigableMap<String, Entry> before = new TreeMap<>(entries);
        try {
            for (int index = 0; index < ops.size(); index++) {
                apply(index, ops.get(index));
            }
        } catch (Conflict e) {
            entries.clear();
            entries.putAll(before);
            throw e;
        }
        ops.stream().filter(op -> !(op instanceof Op.Check)).forEach(op -> changed(op.path()));
    }

    private void apply(int index, Op op) throws Conflict {
        Entry there = entries.get(op.path());
        switch (op) {
            case Op.Check check -> require(index, op, there, check.version());
            case Op.Create create -> make(index, op, new Entry(create.text(), 0, 0));
            case Op.CreateEphemeral create -> make(index, op, new Entry(create.text(), 0, SESSION));
            case Op.Set set -> {
                Entry replaced = require(index, op, there, set.version());
                entries.put(op.path(), new Entry(set.text(), replaced.version() + 1, replaced.owner()));
            }
            case Op.Delete delete -> {
                require(index, op, there, delete.version());
                entries.remove(op.path());
            }
        }
    }

    private void make(int index, Op op, Entry entry) throws Conflict {
        if (entries.putIfAbsent(op.path(), entry) != null) {
            throw new Conflict(index, op, Conflict.Why.ALREADY_THERE);
        }
    }

    private static Entry require(int index, Op op, @org.jspecify.annotations.Nullable Entry there, int version)
            throws Conflict {
        if (there == null) {
            throw new Conflict(index, op, Conflict.Why.NOT_THERE);
        }
        if (version != Op.ANY && version != there.version()) {
            throw new Conflict(index, op, Conflict.Why.OTHER_VERSION);
        }
        return there;
    }

    @Override
    public synchronized void watch(String path, Consumer<String> named, Runnable anything) {
        watches.add(new Watch(path, named, anything));
    }

    @Override
    public synchronized void onSession(Consumer<SessionState> listener) {
        listeners.add(listener);
    }

    @Override
    public long session() {
        return SESSION;
    }
}
