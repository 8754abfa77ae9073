package dev.scc.simulation;

import dev.scc.simulation.zk.SessionGone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The watches of one process, as the real trees keep them: each is set again whenever a connection comes up, and says that
 * anything may have changed when the connection comes and goes, and when it stands.
 */
final class Watches {
    private final SimProcess process;
    private final Wire wire;
    private final List<Watch> all = new ArrayList<>();

    private static final class Watch {
        final String path;
        /** Empty if nobody cares what has changed: several changes may then make one signal. */
        final Optional<Consumer<String>> named;

        final Runnable anything;
        /** In which it stands at the servers. */
        long session;

        boolean signalled;

        Watch(String path, Optional<Consumer<String>> named, Runnable anything) {
            this.path = path;
            this.named = named;
            this.anything = anything;
        }
    }

    Watches(SimProcess process, Wire wire) {
        this.process = process;
        this.wire = wire;
    }

    void add(String path, Optional<Consumer<String>> named, Runnable anything) {
        all.add(new Watch(path, named, anything));
        if (wire.connected()) {
            set(all.getLast());
        }
    }

    void disconnected() {
        for (Watch watch : all) {
            watch.signalled = false;
            watch.anything.run();
        }
    }

    void connected() {
        for (Watch watch : all) {
            watch.anything.run();
            set(watch);
        }
    }

    private void set(Watch watch) {
        wire.up.send(() -> {
            long session = wire.session();
            try {
                if (watch.session != session) {
                    process.sim.zk.watch(session, watch.path, changed -> notified(watch, session, changed));
                    watch.session = session;
                }
            } catch (SessionGone e) {
                return;
            }
            // What changed before it stood was not signalled.
            wire.down.send(() -> wire.events.send(watch.anything));
        });
    }

    /** It comes on the same way as the answers, in order with them. */
    private void notified(Watch watch, long session, List<String> changed) {
        if (session != wire.session() || !process.alive()) {
            return;
        }
        if (watch.named.isPresent()) {
            Consumer<String> named = watch.named.get();
            wire.down.send(() -> changed.forEach(path -> wire.events.send(() -> named.accept(path))));
        } else if (!watch.signalled) {
            watch.signalled = true;
            wire.down.send(() -> wire.events.send(() -> {
                watch.signalled = false;
                watch.anything.run();
            }));
        }
    }
}
