package dev.scc.cluster.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Who was put out, and until when what was signed for him counts for nothing. Thread-safe. */
public final class Revocations {
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final List<Runnable> changed = new CopyOnWriteArrayList<>();
    private volatile Map<Principal, Instant> until = Map.of();
    private volatile Optional<Supplier<Roots>> trusted = Optional.empty();

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

    /** From now on nothing counts that none of these roots has signed, on connections that stand, too. */
    public void trust(Supplier<Roots> roots) {
        trusted = Optional.of(roots);
    }

    /** Whether the root that has signed the certificate is none any more. Its holder may have got another one meanwhile. */
    public boolean isOfDroppedRoot(X509Certificate certificate) {
        // By name: names of roots are random, and the signature was checked when the connection was made.
        return trusted.isPresent()
                && Principal.of(certificate)
                        .filter(holder -> trusted.get().get().of(holder.role().root()).stream()
                                .noneMatch(root ->
                                        root.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())))
                        .isPresent();
    }

    /** The roots have changed: whoever is cut off by that is told before this returns. */
    public void rootsChanged() {
        watched.stream().filter(one -> covers(one.certificate)).forEach(this::tell);
        changed.forEach(Runnable::run);
    }

    /** Whether the certificate counts for nothing any more. */
    public boolean covers(X509Certificate certificate) {
        return isPutOut(certificate) || isOfDroppedRoot(certificate);
    }

    /** Whether its holder was put out. */
    public boolean isPutOut(X509Certificate certificate) {
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
