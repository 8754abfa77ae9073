package dev.scc.cluster.zk;

import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.ForeignKeys;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Finds out whether the members of an ensemble of somebody else's can be used over TLS, and why not: by a handshake with each, as
 * ZooKeeper's client makes one, which says nothing of what goes wrong in it. Thread-safe.
 */
public final class EnsembleCheck {
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(3).toMillis();

    /** One of ZooKeeper's words of four letters; whether it is answered or refused tells that ZooKeeper hears. */
    private static final byte[] WORD = "srvr".getBytes(StandardCharsets.US_ASCII);

    private static final String PLAIN = "it speaks plain text there: name its secureClientPort";
    private static final String NOT_LET_IN = "it asks for a certificate, and does not accept what is shown:"
            + " --zookeeper-identity names one that it accepts, or have it trust scc's roots";

    private final EnsembleDoor.Tls door;
    private final Optional<Credentials> shown;

    /** @param shown what is shown if the door has no identity */
    public EnsembleCheck(EnsembleDoor.Tls door, Optional<Credentials> shown) {
        this.door = door;
        this.shown = shown;
    }

    /** How it stands with a member. */
    public enum State {
        GOOD,
        /** It may come. */
        AWAY,
        /** Somebody has to change something. */
        WRONG
    }

    /**
     * What was found.
     *
     * @param host and port
     * @param why it cannot be used; empty if it can
     */
    public record Found(String host, State state, String why) {
        private static Found wrong(String host, String why) {
            return new Found(host, State.WRONG, why);
        }

        @Override
        public String toString() {
            return host + ": " + why;
        }
    }

    /**
     * Asks all, one after the other.
     *
     * @param hosts {@code host:port} with commas between them; a path behind them is left alone
     */
    public List<Found> of(String hosts) {
        int path = hosts.indexOf('/');
        return Stream.of((path < 0 ? hosts : hosts.substring(0, path)).split(","))
                .map(String::strip)
                .map(this::one)
                .toList();
    }

    private Found one(String host) {
        int colon = host.lastIndexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon).replaceAll("[\\[\\]]", "");
        InetSocketAddress address;
        try {
            address = new InetSocketAddress(name, Integer.parseInt(host.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Found.wrong(host, "it is no HOST:PORT");
        }
        AtomicReference<Optional<X509Certificate>> theirs = new AtomicReference<>(Optional.empty());
        try (Socket plain = new Socket()) {
            plain.connect(address, PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            try (SSLSocket socket =
                    (SSLSocket) context(theirs).getSocketFactory().createSocket(plain, name, address.getPort(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                // Whoever asks for a certificate over TLS 1.3 says only afterwards that he misses one.
                socket.getOutputStream().write(WORD);
                int first = socket.getInputStream().read();
                return new Found(host, State.GOOD, first < 0 ? "it answers nothing" : "");
            }
        } catch (SSLException e) {
            return Found.wrong(host, why(e, name, address, theirs.get()));
        } catch (SocketTimeoutException e) {
            return new Found(host, State.AWAY, "it does not answer");
        } catch (UnknownHostException e) {
            return new Found(host, State.AWAY, "no address is known for it");
        } catch (SocketException e) {
            boolean heard = theirs.get().isPresent();
            if (!heard && isPlain(address)) {
                return Found.wrong(host, PLAIN);
            }
            return heard ? Found.wrong(host, NOT_LET_IN) : new Found(host, State.AWAY, "" + e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            return Found.wrong(host, "" + e.getMessage());
        }
    }

    private SSLContext context(AtomicReference<Optional<X509Certificate>> theirs)
            throws IOException, GeneralSecurityException {
        KeyManager[] keys = door.identity().isPresent()
                ? ForeignKeys.identity(door.identity().get())
                : shown.isPresent() ? ForeignKeys.identity(shown.get()) : new KeyManager[0];
        List<TrustManager> trust = new ArrayList<>();
        for (TrustManager each : ForeignKeys.trust(door.trust())) {
            trust.add(each instanceof X509ExtendedTrustManager manager ? new Noting(manager, theirs) : each);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.toArray(TrustManager[]::new), null);
        return context;
    }

    private String why(SSLException e, String name, InetSocketAddress address, Optional<X509Certificate> theirs) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case CertificateExpiredException _ -> {
                    return "its certificate has expired at "
                            + theirs.map(one -> one.getNotAfter().toInstant().toString())
                                    .orElse("an unknown time");
                }
                case CertificateNotYetValidException _ -> {
                    return "its certificate is not valid yet: do the clocks agree?";
                }
                case CertPathBuilderException _ -> {
                    return "its certificate is signed by nobody of " + door.trust()
                            + theirs.map(one -> ", but by " + one.getIssuerX500Principal())
                                    .orElse("");
                }
                case CertificateException named -> {
                    if (named.getCause() == null) {
                        return "its certificate is not for " + name + ": " + named.getMessage();
                    }
                }
                case EOFException _ -> {
                    return isPlain(address) ? PLAIN : "it has ended the handshake without a word";
                }
                default -> {}
            }
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("fatal alert")) {
            return theirs.isPresent() ? NOT_LET_IN : "it does not like the handshake: " + message;
        }
        return isPlain(address) ? PLAIN : message;
    }

    private static boolean isPlain(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(WORD);
            int first = socket.getInputStream().read();
            // TLS would answer with an alert.
            return first >= ' ' && first < Byte.MAX_VALUE;
        } catch (IOException e) {
            return false;
        }
    }

    /** Decides as another one does, and remembers what was shown. */
    private static final class Noting extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager decides;
        private final AtomicReference<Optional<X509Certificate>> theirs;

        Noting(X509ExtendedTrustManager decides, AtomicReference<Optional<X509Certificate>> theirs) {
            this.decides = decides;
            this.theirs = theirs;
        }

        private void note(X509Certificate[] chain) {
            theirs.set(Stream.of(chain).findFirst());
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            note(chain);
            decides.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            note(chain);
            decides.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            note(chain);
            decides.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            decides.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            decides.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            decides.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return decides.getAcceptedIssuers();
        }
    }
}
