package dev.scc.simulation;

import dev.scc.cluster.tree.SessionState;
import dev.scc.simulation.zk.SessionGone;
import dev.scc.simulation.zk.SimZooKeeper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A process's way to ZooKeeper: its connection to one server, and its session. What Curator and ZooKeeper's own client do
 * in the process is done here: it looks for another server when the connection breaks, and for another session when the old
 * one has ended.
 */
final class Wire {
    private final SimProcess process;
    private final Simulation sim;
    private final SimZooKeeper zk;
    private final Watches watches;
    private final List<Consumer<SessionState>> listeners = new ArrayList<>();
    final Exchange exchange;
    /** From the process to its server. */
    final OneWay up;
    /** From its server to the process. */
    final OneWay down;
    /** To the thread of the process that tells of events; the one that asks and waits may be faster. */
    final OneWay events;

    private ClientSession session;
    private boolean connected;
    /** Of this connection; one more whenever it breaks. */
    private int generation;

    private int cuts;

    Wire(SimProcess process) {
        this.process = process;
        this.sim = process.sim;
        this.zk = process.sim.zk;
        this.session = new ClientSession(process, 0);
        this.watches = new Watches(process, this);
        this.exchange = new Exchange(process, this);
        this.up = new OneWay(sim.timeline, sim::latency, Runnable::run);
        this.down = new OneWay(sim.timeline, sim::latency, process::deliver);
        this.events = new OneWay(
                sim.timeline,
                () -> sim.chance.oneIn(16) ? sim.chance.between(0, 3 * Timeline.MILLI) : 0,
                process::deliver);
    }

    long session() {
        return session.id;
    }

    boolean connected() {
        return connected;
    }

    /** @param named empty if nobody cares what has changed */
    void watch(String path, Optional<Consumer<String>> named, Runnable anything) {
        watches.add(path, named, anything);
    }

    void onSession(Consumer<SessionState> listener) {
        listeners.add(listener);
    }

    private void tell(SessionState state) {
        listeners.forEach(listener -> listener.accept(state));
    }

    // The connection.

    void connect(long after) {
        int mine = generation;
        process.later(after, () -> {
            if (mine == generation && !connected) {
                tryToConnect();
            }
        });
    }

    private void tryToConnect() {
        if (cut()) {
            connect(sim.chance.between(200 * Timeline.MILLI, Timeline.SECOND));
            return;
        }
        int replica = sim.chance.below(sim.replicas);
        ClientSession before = session;
        try {
            if (!session.exists()) {
                begin(replica);
            } else if (!zk.reconnect(session.id, replica)) {
                sim.tally.fault("server behind the session");
                connect(sim.chance.between(20 * Timeline.MILLI, 200 * Timeline.MILLI));
                return;
            }
        } catch (SessionGone e) {
            sim.tally.fault("session found expired");
            begin(replica);
        }
        connected = true;
        session.connected();
        sim.trace.mark(process.name, "connected", session.id);
        tell(SessionState.CONNECTED);
        if (session == before) {
            watches.connected();
        } else {
            // In a new session the watches are set by a thread of their own, perhaps after the first requests.
            whileConnected(
                    sim.chance.oneIn(4) ? sim.chance.between(0, 20 * Timeline.MILLI) : 0,
                    () -> process.deliver(watches::connected));
        }
        process.signal();
    }

    private void begin(int replica) {
        session = new ClientSession(process, zk.openSession(replica));
        sim.owners.put(session.id, process);
    }

    /** It happens after this time, unless the connection breaks before. */
    void whileConnected(long nanos, Runnable what) {
        int mine = generation;
        sim.timeline.after(nanos, () -> {
            if (mine == generation) {
                what.run();
            }
        });
    }

    /** The process learns before long that its connection is of no use. */
    void breaks(String why) {
        int mine = generation;
        process.later(sim.latency(), () -> {
            if (mine == generation) {
                disconnect(why);
            }
        });
    }

    private boolean cut() {
        return up.isCut() || down.isCut();
    }

    private void nextGeneration() {
        generation++;
        up.clear();
        down.clear();
        events.clear();
    }

    /** The connection breaks, and both sides notice. */
    void disconnect(String why) {
        if (!connected) {
            return;
        }
        sim.trace.mark(process.name, "disconnected", why);
        connected = false;
        tell(SessionState.SUSPENDED);
        nextGeneration();
        int mine = generation;
        zk.disconnect(session.id);
        watches.disconnected();
        exchange.disconnected().ifPresent(session::perhapsLate);
        session.endUnlessBack();
        ClientSession old = session;
        // What Curator does: after that long it takes the session for dead, whatever the ensemble thinks.
        process.later(ClientSession.MOST, () -> {
            if (mine == generation && !connected && session == old) {
                sim.tally.fault("session given up by its client");
                session = new ClientSession(process, 0);
                tell(SessionState.LOST);
            }
        });
        // Mostly other servers are there, and the next one is asked at once.
        connect(sim.chance.between(
                5 * Timeline.MILLI, sim.chance.oneIn(2) ? 100 * Timeline.MILLI : 2 * Timeline.SECOND));
    }

    /** The ensemble takes the session for dead now; the process learns of it from its server. */
    void expire() {
        if (session.exists() && !session.over()) {
            session.end();
            if (connected) {
                breaks("the session has expired");
            }
        }
    }

    /** The process is dead: the ensemble learns nothing of that before it misses it. */
    void abandon() {
        if (session.exists()) {
            session.endLater();
            if (connected) {
                exchange.abandoned().ifPresent(session::perhapsPosthumous);
                zk.disconnect(session.id);
            }
        }
        connected = false;
        nextGeneration();
    }

    /** The process ends in good order. */
    void close() {
        if (connected && !up.isCut()) {
            session.end();
        } else {
            abandon();
        }
        connected = false;
        nextGeneration();
    }

    /** The process is stopped: it gives no sign of life. */
    void silent() {
        missed(ClientSession.LEAST, ClientSession.MOST);
    }

    void heard() {
        cuts++;
        if (process.stopped() || cut()) {
            missed(ClientSession.LEAST, ClientSession.MOST);
        }
        if (session.over() && connected) {
            int mine = generation;
            process.later(sim.chance.between(0, 100 * Timeline.MILLI), () -> {
                if (mine == generation) {
                    disconnect("the session expired meanwhile");
                }
            });
        }
    }

    private void missed(long least, long most) {
        int mine = ++cuts;
        ClientSession old = session;
        if (old.exists()) {
            sim.timeline.after(sim.chance.between(least, most), () -> {
                if (mine == cuts && session == old) {
                    old.end();
                }
            });
        }
    }

    /** From now on nothing arrives, in one direction or both. */
    void cut(boolean to, boolean from) {
        if (to) {
            up.cut();
        }
        if (from) {
            down.cut();
        }
        missed(up.isCut() ? ClientSession.LEAST : ClientSession.MOST + 2 * Timeline.SECOND, ClientSession.MOST * 2);
        int mine = generation;
        int same = cuts;
        // The client hears nothing for two thirds of its session's time.
        process.later(sim.chance.between(2 * Timeline.SECOND, ClientSession.LEAST), () -> {
            if (mine == generation && same == cuts) {
                disconnect("nothing is heard");
            }
        });
    }

    void heal() {
        if (!cut() || process.cutOff()) {
            return;
        }
        up.heal();
        down.heal();
        heard();
        if (connected) {
            process.later(sim.latency(), process::signal);
        }
    }
}
