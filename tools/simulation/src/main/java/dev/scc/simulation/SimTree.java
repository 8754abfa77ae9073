package dev.scc.simulation;

import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeAccess;
import dev.scc.cluster.TreeAction;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import dev.scc.simulation.zk.SessionGone;
import dev.scc.simulation.zk.SimZooKeeper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tree as one process sees it over its {@link Wire}: what it may not read is not there for it. */
final class SimTree implements Tree {
    private final SimProcess process;
    private final Principal who;

    private SimTree(SimProcess process, Principal who) {
        this.process = process;
        this.who = who;
    }

    static SimTree ofServer(SimProcess process) {
        return new SimTree(process, new Principal(Role.SERVER, "server"));
    }

    static SimTree ofNode(SimProcess process, NodeName node) {
        return new SimTree(process, new Principal(Role.NODE, node.value()));
    }

    private boolean mayRead(SimZooKeeper zk, long session, String path) throws SessionGone {
        if (who.role() == Role.SERVER) {
            return true;
        }
        // Looked at beforehand: what asks may fail, what answers may not.
        String assign = Paths.assign(new NodeName(who.name()));
        Optional<String> assignment = zk.get(session, assign).map(Entry::text);
        return TreeAccess.permits(who, TreeAction.READ, path, at -> at.equals(assign) ? assignment : Optional.empty());
    }

    private interface Read<T> {
        T from(SimZooKeeper zk, long session) throws SessionGone;
    }

    private <T> T read(String what, Read<T> read) throws ConnectionLost {
        List<T> answer = new ArrayList<>(1);
        ask(what, (zk, session) -> {
            answer.add(read.from(zk, session));
            return true;
        });
        return answer.getFirst();
    }

    private void ask(String what, Exchange.Request request) throws ConnectionLost {
        try {
            process.wire.exchange.call(what, request);
        } catch (Conflict e) {
            throw new IllegalStateException("reading never conflicts", e);
        }
    }

    @Override
    public Optional<Entry> get(String path) throws ConnectionLost {
        Optional<Entry> entry = read(
                "get", (zk, session) -> mayRead(zk, session, path) ? zk.get(session, path) : Optional.<Entry>empty());
        process.sim.trace.mark(process.name, "get", path);
        process.hasRead(path);
        return entry.map(there -> received(path, there));
    }

    /** As over a real connection: of what is larger than it may be, nothing is read. */
    private static Entry received(String path, Entry entry) {
        int bytes = entry.text().length();
        return TreeEntry.at(path).filter(kind -> bytes > kind.largest()).isPresent()
                ? Entry.tooLarge(bytes, entry.version(), entry.owner())
                : entry;
    }

    /** Not a snapshot: the server may apply other transactions between two of the paths. */
    @Override
    public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost {
        Map<String, Entry> found = new TreeMap<>();
        List<String> all = List.copyOf(paths);
        if (all.isEmpty()) {
            return found;
        }
        int[] next = {0};
        int stopAt = all.size() > 1 && process.sim.chance.oneIn(3) ? process.sim.chance.below(all.size()) : 0;
        ask("get many", new Exchange.Request() {
            @Override
            public boolean perform(SimZooKeeper zk, long session) throws SessionGone {
                while (next[0] < all.size()) {
                    String path = all.get(next[0]++);
                    @Nullable Entry entry = zk.get(session, path).orElse(null);
                    if (entry != null && mayRead(zk, session, path)) {
                        found.put(path, received(path, entry));
                    }
                    if (next[0] == stopAt) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public boolean afterEvents() {
                return true;
            }
        });
        process.sim.trace.mark(process.name, "get many", all.size());
        all.forEach(process::hasRead);
        return found;
    }

    @Override
    public void sync() throws ConnectionLost {
        ask("sync", (zk, session) -> {
            zk.sync(session);
            return true;
        });
    }

    @Override
    public List<String> children(String path) throws ConnectionLost {
        List<String> names = read(
                "children",
                (zk, session) -> mayRead(zk, session, path) ? zk.children(session, path) : List.<String>of());
        process.sim.trace.mark(process.name, "children", path);
        return names;
    }

    @Override
    public void commit(List<Op> ops) throws Conflict, ConnectionLost {
        try {
            process.wire.exchange.call("commit", new Exchange.Request() {
                @Override
                public boolean perform(SimZooKeeper zk, long session) throws Conflict, SessionGone {
                    zk.commit(session, ops);
                    return true;
                }

                @Override
                public List<Op> ops() {
                    return ops;
                }
            });
        } catch (Conflict e) {
            process.sim.trace.mark(process.name, "conflict", e.getMessage() == null ? "" : e.getMessage());
            process.sim.tally.conflicts++;
            throw e;
        } catch (ConnectionLost e) {
            process.sim.trace.mark(process.name, "commit lost", ops);
            throw e;
        }
        process.sim.trace.mark(process.name, "commit", ops);
    }

    @Override
    public void watch(String path, Runnable signal) {
        process.wire.watch(path, Optional.empty(), signal);
    }

    @Override
    public void watch(String path, Consumer<String> named, Runnable anything) {
        process.wire.watch(path, Optional.of(named), anything);
    }

    @Override
    public void onSession(Consumer<SessionState> listener) {
        process.wire.onSession(listener);
    }

    @Override
    public long session() {
        return process.wire.session();
    }
}
