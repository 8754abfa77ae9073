package dev.scc.cluster.verify;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.fabric.verbs.Limits;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.Schedule;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs {@link ClusterVerifier} on threads of its own. */
public final class BackgroundVerifier implements Verifier, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackgroundVerifier.class);
    /** An earlier verification may have to end first, nodes do not begin at the same time, and connections take theirs. */
    private static final Duration TO_BEGIN_AND_END = Duration.ofSeconds(30);

    /** A member that is busy has been waited for already. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Map<String, Running> running = new HashMap<>();
    private final Connections connections;
    private final Consumer<KeptVerification> keep;
    private final Runnable done;

    private static final class Running {
        private final Thread thread;
        private @Nullable VerificationResult result;

        Running(Thread thread) {
            this.thread = thread;
        }
    }

    /**
     * @param keep told of each that was carried out
     * @param done called when a result is there, on a thread that must not be held up
     */
    public BackgroundVerifier(Connections connections, Consumer<KeptVerification> keep, Runnable done) {
        this.connections = connections;
        this.keep = keep;
        this.done = done;
    }

    /** How long a verification of that many nodes may take, even if partners of some of them never answer. */
    public static Duration patience(int nodes, Pattern pattern) {
        return TO_BEGIN_AND_END.plus(Limits.DEFAULT.longest(Schedule.rounds(nodes, pattern)));
    }

    @Override
    public synchronized Optional<VerificationResult> result(String session, Roster roster, Pattern pattern) {
        Running known = running.get(session);
        if (known == null) {
            Running begun = new Running(Thread.ofVirtual()
                    .name("verify " + roster.cluster())
                    .unstarted(() -> run(session, roster, pattern)));
            running.put(session, begun);
            begun.thread.start();
            return Optional.empty();
        }
        return Optional.ofNullable(known.result);
    }

    private void run(String session, Roster roster, Pattern pattern) {
        VerificationResult result;
        try {
            result = outwait(session, roster, pattern);
            if (result instanceof VerificationResult.Judged judged) {
                keep.accept(judged.kept(roster, System.currentTimeMillis()));
            }
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException e) {
            log.atError().setCause(e).addKeyValue("cluster", roster.cluster()).log("verification failed");
            result = new VerificationResult.CannotVerify(Optional.empty(), e.toString());
        }
        synchronized (this) {
            Running known = running.get(session);
            if (known != null) {
                known.result = result;
            }
        }
        done.run();
    }

    /** Whatever else a client has its members verify ends some time, and says nothing about the members. */
    private VerificationResult outwait(String session, Roster roster, Pattern pattern) throws InterruptedException {
        Duration patience = patience(roster.members().size(), pattern);
        long end = System.nanoTime() + patience.toNanos();
        for (int attempt = 1; ; attempt++) {
            try {
                return ClusterVerifier.verify(
                        connections,
                        roster,
                        pattern,
                        session + "-" + attempt,
                        patience,
                        probe -> log.atDebug().addKeyValue("result", probe).log("pair probed"));
            } catch (Busy e) {
                if (System.nanoTime() - end > 0) {
                    return new VerificationResult.CannotVerify(Optional.empty(), String.valueOf(e.getMessage()));
                }
                log.atInfo()
                        .addKeyValue("cluster", roster.cluster())
                        .addKeyValue("why", e.getMessage())
                        .log("verification has to wait");
                Thread.sleep(AGAIN);
            }
        }
    }

    @Override
    public synchronized void retain(Collection<String> sessions) {
        for (Iterator<Map.Entry<String, Running>> all = running.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Running> one = all.next();
            if (!sessions.contains(one.getKey())) {
                one.getValue().thread.interrupt();
                all.remove();
            }
        }
    }

    @Override
    public synchronized void close() {
        running.values().forEach(one -> one.thread.interrupt());
        running.clear();
    }
}
