package dev.scc.cluster.verify;

import dev.scc.cluster.Roster;
import dev.scc.fabric.verify.Pattern;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs {@link ClusterVerifier} on threads of its own. */
public final class BackgroundVerifier implements Verifier, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackgroundVerifier.class);
    private static final Duration FOR_ONE_ROUND = Duration.ofSeconds(10);
    private static final Duration TO_BEGIN_AND_END = Duration.ofSeconds(30);

    private final Map<String, Running> running = new HashMap<>();
    private final Runnable done;

    private static final class Running {
        private final Thread thread;
        private @Nullable VerificationResult result;

        Running(Thread thread) {
            this.thread = thread;
        }
    }

    /** @param done called when a result is there, on a thread that must not be held up */
    public BackgroundVerifier(Runnable done) {
        this.done = done;
    }

    /** How long a verification of that many nodes may take. */
    public static Duration patience(int nodes) {
        return TO_BEGIN_AND_END.plus(FOR_ONE_ROUND.multipliedBy(nodes));
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
            result = ClusterVerifier.verify(
                    roster,
                    pattern,
                    session,
                    patience(roster.members().size()),
                    probe -> log.atDebug().addKeyValue("result", probe).log("pair probed"));
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
