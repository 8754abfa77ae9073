package dev.scc.cluster.client;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.LiveCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews a process's credentials when two thirds of their life are over, and keeps the file that the next start reads. */
public final class Renewal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Renewal.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final LiveCredentials credentials;
    private final Connections connections;
    private final String servers;
    private final Path file;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;

    private Renewal(LiveCredentials credentials, Connections connections, String servers, Path file) {
        this.credentials = credentials;
        this.connections = connections;
        this.servers = servers;
        this.file = file;
        thread = Thread.ofVirtual().name("renewal").unstarted(this::run);
    }

    /** From now on {@code file} and {@code credentials} are renewed in time. */
    public static Renewal start(LiveCredentials credentials, Connections connections, String servers, Path file) {
        Renewal renewal = new Renewal(credentials, connections, servers, file);
        credentials.onWanted(renewal::soon);
        renewal.thread.start();
        return renewal;
    }

    /** Has them renewed now. */
    public void soon() {
        wanted.release();
    }

    private void run() {
        try {
            while (true) {
                if (credentials.current().agesAt(Instant.now())) {
                    renew();
                }
                if (wanted.tryAcquire(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                    wanted.drainPermits();
                    renew();
                }
            }
        } catch (InterruptedException e) {
            log.atTrace().log("the process ends");
        }
    }

    private void renew() throws InterruptedException {
        try {
            Credentials next =
                    Membership.renew(servers, connections, credentials.current().principal());
            next.write(file);
            credentials.renew(next);
            log.atInfo().addKeyValue("until", next.ends()).log("certificate renewed");
        } catch (IOException e) {
            Credentials kept = credentials.current();
            if (!kept.ends().isAfter(Instant.now())) {
                log.atError()
                        .addKeyValue("ended", kept.ends())
                        .addKeyValue("why", e.getMessage())
                        .addKeyValue("next", JoinToken.command(kept.principal()) + ", then a start with --token")
                        .log(
                                "the certificate has expired before it could be renewed: this process comes back by a new token");
                return;
            }
            log.atWarn()
                    .addKeyValue("why", e.getMessage())
                    .addKeyValue("until", credentials.current().ends())
                    .log("certificate not renewed; tried again in a minute");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
