package dev.scc.cluster.port;

import dev.scc.fabric.port.CommandPort;
import dev.scc.fabric.port.PortFailed;
import dev.scc.fabric.port.SwitchPort;
import dev.scc.fabric.port.SwitchPort.Allowed;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings switch ports to what is wanted of them, again and again until it is so, on threads of its own. A new controller sets every
 * port when it begins, and once more when no call of its predecessor can be under way any longer. Thread-safe.
 */
public final class PortActuator implements Ports, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PortActuator.class);
    /** Programs that are run at the same time. */
    private static final int AT_ONCE = 8;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final long PREDECESSOR = CommandPort.DEADLINE.plusSeconds(5).toNanos();

    private final SwitchPort port;
    private final Runnable progress;
    private final Map<NodeName, Optional<Allowed>> set = new HashMap<>();
    private final Map<NodeName, Trouble> troubles = new HashMap<>();
    private final Set<NodeName> busy = new HashSet<>();
    private final Thread thread;
    private Map<NodeName, Optional<Allowed>> wanted = Map.of();
    private long epoch = -1;
    private long again;
    private boolean repeated;

    /**
     * Why a port is not as it is wanted.
     *
     * @param since in nanoseconds, as {@link System#nanoTime} gives it, since when it fails
     */
    record Trouble(String why, long since, Duration pause, long next) {}

    /** @param progress called after each attempt, by any thread */
    public PortActuator(SwitchPort port, Runnable progress) {
        this.port = port;
        this.progress = progress;
        thread = Thread.ofVirtual().name("switch-ports").start(this::run);
    }

    @Override
    public synchronized void want(Map<NodeName, Optional<Allowed>> settings, long controller) {
        if (controller != epoch) {
            epoch = controller;
            set.clear();
            troubles.clear();
            again = System.nanoTime() + PREDECESSOR;
            repeated = false;
        }
        wanted = Map.copyOf(settings);
        set.keySet().retainAll(wanted.keySet());
        troubles.keySet().retainAll(wanted.keySet());
        notifyAll();
    }

    @Override
    public synchronized void rest() {
        wanted = Map.of();
        set.clear();
        troubles.clear();
        epoch = -1;
    }

    /** Whether the port is known to be so. */
    synchronized boolean isSet(NodeName node, Allowed allowed) {
        return Optional.of(allowed).equals(set.get(node))
                && Optional.of(allowed).equals(wanted.get(node));
    }

    @Override
    public synchronized Optional<Open> open(NodeName node) {
        boolean closed =
                Optional.empty().equals(set.get(node)) && Optional.empty().equals(wanted.get(node));
        return closed
                ? Optional.empty()
                : Optional.of(new Open(Optional.ofNullable(troubles.get(node)).map(Trouble::why)));
    }

    synchronized Optional<Trouble> trouble(NodeName node) {
        return Optional.ofNullable(troubles.get(node));
    }

    private void run() {
        try {
            while (true) {
                NodeName node = next();
                Thread.ofVirtual().name("switch-port-" + node).start(() -> attend(node));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized NodeName next() throws InterruptedException {
        while (true) {
            long now = System.nanoTime();
            if (!repeated && epoch >= 0 && now - again >= 0) {
                set.clear();
                repeated = true;
            }
            if (busy.size() < AT_ONCE) {
                for (Map.Entry<NodeName, Optional<Allowed>> one : wanted.entrySet()) {
                    NodeName node = one.getKey();
                    Trouble trouble = troubles.get(node);
                    boolean due = trouble == null || now - trouble.next() >= 0;
                    if (!one.getValue().equals(set.get(node)) && due && busy.add(node)) {
                        // Until its program has ended nobody knows what the port lets through.
                        set.remove(node);
                        return node;
                    }
                }
            }
            wait(FIRST_PAUSE.toMillis() / 2);
        }
    }

    private void attend(NodeName node) {
        Optional<Allowed> allowed;
        long by;
        synchronized (this) {
            allowed = wanted.getOrDefault(node, Optional.empty());
            by = epoch;
        }
        Optional<String> failed = by < 0 ? Optional.empty() : attempt(node, allowed, by);
        synchronized (this) {
            busy.remove(node);
            if (by == epoch && by >= 0) {
                note(node, allowed, failed);
            }
            notifyAll();
        }
        progress.run();
    }

    private Optional<String> attempt(NodeName node, Optional<Allowed> allowed, long by) {
        Optional<String> failed = Optional.empty();
        try {
            port.set(node, allowed, by);
        } catch (PortFailed e) {
            log.atWarn()
                    .addKeyValue("node", node)
                    .addKeyValue("why", e.getMessage())
                    .log("switch port is not set; tried again soon");
            failed = Optional.of(String.valueOf(e.getMessage()));
        }
        return failed;
    }

    private void note(NodeName node, Optional<Allowed> allowed, Optional<String> failed) {
        if (failed.isEmpty()) {
            set.put(node, allowed);
            troubles.remove(node);
            return;
        }
        set.remove(node);
        long now = System.nanoTime();
        Trouble before = troubles.get(node);
        Duration pause = before == null ? FIRST_PAUSE : before.pause().multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        troubles.put(
                node, new Trouble(failed.get(), before == null ? now : before.since(), pause, now + pause.toNanos()));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
