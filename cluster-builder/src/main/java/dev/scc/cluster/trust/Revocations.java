package dev.scc.cluster.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who was put out, and until when what was signed for him counts for nothing. Thread-safe. */
public final class Revocations {
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final List<Runnable> changed = new CopyOnWriteArrayList<>();
    private volatile Map<Principal, Instant> until = Map.of();

    /** As long as it is open, its owner is told when the holder of the certificate is put out. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private final class Watched implements Watch {
        private final X509Certificate certificate;
        private final Runnable putOut;

        Watched(X509Certificate certificate, Runnable putOut) {
            this.certificate = certificate;
            this.putOut = putOut;
        }

        @Override
        public void close() {
            watched.remove(this);
        }
    }

    /** Whether the certificate counts for nothing any more. */
    public boolean covers(X509Certificate certificate) {
        Optional<Principal> principal = Principal.of(certificate);
        Instant before = principal.isEmpty() ? null : until.get(principal.get());
        return before != null && !Credentials.signedAt(certificate).isAfter(before);
    }

    /** Whether what was signed for somebody at that time counts for nothing any more. */
    public boolean covers(Principal principal, Instant signed) {
        Instant before = until.get(principal);
        return before != null && !signed.isAfter(before);
    }

    /** Has {@code putOut} called, once, when the certificate stops to count; at once if it has. */
    public Watch watch(X509Certificate certificate, Runnable putOut) {
        Watched one = new Watched(certificate, putOut);
        watched.add(one);
        if (covers(certificate)) {
            tell(one);
        }
        return one;
    }

    /** Until when what was signed for somebody counts for nothing. */
    public Map<Principal, Instant> all() {
        return until;
    }

    /** From now on these are all. Who is put out by that is told before this returns. */
    public void replace(Map<Principal, Instant> all) {
        until = Map.copyOf(all);
        watched.stream().filter(one -> covers(one.certificate)).forEach(this::tell);
        changed.forEach(Runnable::run);
    }

    /** Has {@code listener} called after each {@link #replace}, on its thread. */
    public void onChange(Runnable listener) {
        changed.add(listener);
    }

    private void tell(Watched one) {
        if (watched.remove(one)) {
            one.putOut.run();
        }
    }
}
