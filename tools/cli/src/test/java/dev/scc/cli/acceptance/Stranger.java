package dev.scc.cli.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whom no process of a testbed has to answer, with TLS of the JDK's own and a few bytes of HTTP/2 and ZooKeeper's protocol:
 * nothing of scc's that could be wrong on both sides.
 *
 * @param tls empty for one who speaks in plain text
 * @param handshakes whether he may get through the handshake where those who join, or who have been put out since, do
 */
record Stranger(String name, Optional<SSLSocketFactory> tls, boolean handshakes) {
    private static final int SILENCE_MILLIS = 3000;
    private static final int MOST = 1 << 16;
    private static final byte TLS_ALERT = 21;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] NO_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

    /** gRPC's word for who may not do that; HTTP/2 writes names and values that are so short as they are. */
    private static final String PERMISSION_DENIED = "grpc-status\u00017";

    private static final String UNIMPLEMENTED = "grpc-status\u000212";

    private static final int HEADERS = 1;
    private static final int END_OF_HEADERS_AND_STREAM = 5;
    private static final int DATA = 0;
    private static final int FRAME_HEADER = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int TYPE = 3;

    /** One call of each kind of process, beside what opens a session with ZooKeeper. */
    private static final List<String> METHODS = List.of("/scc.Server/Nodes", "/scc.Agent/Ping", "/scc.JobKeeper/Jobs");

    /** All kinds of them. */
    static List<Stranger> of(Path authority, Path scratch) throws Exception {
        Principal node = new Principal(Role.NODE, "n99");
        Authority ours = Authority.open(authority, InstantSource.system());
        Authority past = Authority.open(authority, () -> Instant.now().minus(Duration.ofDays(2)));
        Authority other = Authority.open(scratch.resolve("other"), InstantSource.system());
        Duration day = Duration.ofDays(1);
        return List.of(
                new Stranger("plain text", Optional.empty(), false),
                new Stranger("no certificate", Optional.of(tls(Optional.empty())), true),
                new Stranger("foreign root", Optional.of(tls(Optional.of(other.issue(node, day)))), false),
                new Stranger(
                        "wrong root of the two",
                        Optional.of(tls(Optional.of(ofTheOtherRoot(authority, scratch, node)))),
                        false),
                new Stranger("expired", Optional.of(tls(Optional.of(past.issue(node, day)))), false),
                new Stranger("revoked", Optional.of(tls(Optional.of(ours.issue(node, day)))), true));
    }

    /** A server: whom this way of asking has to find answering, or it would find nothing. */
    static Stranger server(Path authority) throws Exception {
        Authority ours = Authority.open(authority, InstantSource.system());
        return new Stranger(
                "a server",
                Optional.of(tls(Optional.of(ours.issue(new Principal(Role.SERVER, "s9"), Duration.ofDays(1))))),
                true);
    }

    /** A node that the root of servers has signed for. */
    private static Credentials ofTheOtherRoot(Path authority, Path scratch, Principal node) throws Exception {
        Path root = authority.resolve("servers.pem");
        Path file = Files.createDirectories(scratch).resolve("other-root.pem");
        String make = "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /O=scc/CN=n99"
                + " -addext subjectAltName=URI:scc:" + node + " -keyout \"$2.key\" -out \"$2.req\""
                + " && openssl x509 -req -in \"$2.req\" -CA \"$1\" -CAkey \"$1\" -days 1 -copy_extensions copy"
                + " -out \"$2.crt\" && cat \"$2.key\" \"$2.crt\"";
        String pem = new LocalCommands().check(Command.of("sh", "-c", make, "sh", root.toString(), file.toString()));
        Credentials ours = Authority.open(authority, InstantSource.system()).issue(node, Duration.ofDays(1));
        String roots = Stream.concat(ours.roots().servers().stream(), ours.roots().members().stream())
                .map(Stranger::pem)
                .collect(Collectors.joining());
        Files.writeString(file, pem + roots);
        return Credentials.read(file);
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    private static SSLSocketFactory tls(Optional<Credentials> shown) throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                shown.map(own -> new KeyManager[] {new ShowsToAnybody(own)}).orElse(new KeyManager[0]),
                new TrustManager[] {new BelievesAnybody()},
                null);
        return context.getSocketFactory();
    }

    /** What is wrong with how that port answers; empty if it refuses. */
    List<String> tries(ListeningPort port) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String method : handshakes ? METHODS : METHODS.subList(0, 1)) {
            check(answer(port, call(method)), method).ifPresent(wrong::add);
        }
        // Whoever does not get through a handshake has said nothing that could make a difference.
        if (handshakes || tls.isEmpty()) {
            check(answer(port, sessionOfZooKeeper()), "a session of ZooKeeper's")
                    .ifPresent(wrong::add);
        }
        return wrong.stream().map(each -> name + " at " + port + ": " + each).toList();
    }

    private Optional<String> check(byte[] answer, String asked) {
        if (answer.length == 0 || (tls.isEmpty() && answer[0] == TLS_ALERT)) {
            return Optional.empty();
        }
        if (!handshakes) {
            return Optional.of(asked + " is answered with " + answer.length + " bytes");
        }
        if (hasData(answer)) {
            return Optional.of(asked + " is answered with data");
        }
        String text = new String(answer, ISO_8859_1);
        // A method of another kind of process is unknown here, which tells nobody anything.
        boolean refused =
                !text.contains("grpc-status") || text.contains(PERMISSION_DENIED) || text.contains(UNIMPLEMENTED);
        return refused ? Optional.empty() : Optional.of(asked + " is answered with another status than a refusal");
    }

    private static boolean hasData(byte[] answer) {
        int at = 0;
        while (at + FRAME_HEADER <= answer.length) {
            int length = new BigInteger(1, Arrays.copyOfRange(answer, at, at + LENGTH_BYTES)).intValue();
            if (answer[at + TYPE] == DATA && length > 0) {
                return true;
            }
            at += FRAME_HEADER + length;
        }
        return false;
    }

    private byte[] answer(ListeningPort port, byte[] said) throws Exception {
        try (Socket plain = port.connect();
                Socket socket = tls.isEmpty() ? plain : secured(plain, tls.get())) {
            socket.setSoTimeout(SILENCE_MILLIS);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(said);
                byte[] piece = new byte[MOST];
                for (int read = 0; read >= 0 && answer.size() < MOST && !isOver(answer); ) {
                    answer.write(piece, 0, read);
                    read = socket.getInputStream().read(piece);
                }
            } catch (SocketException | SSLException | SocketTimeoutException e) {
                // It was ended, or nobody says anything more.
            }
            return answer.toByteArray();
        }
    }

    private static boolean isOver(ByteArrayOutputStream answer) {
        return answer.toString(ISO_8859_1).contains("grpc-status");
    }

    private static Socket secured(Socket plain, SSLSocketFactory factory) throws IOException {
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, "x", plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** A call without a request, as HTTP/2 without any compression. */
    private static byte[] call(String method) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        for (String[] field : new String[][] {
            {":method", "POST"},
            {":scheme", "https"},
            {":path", method},
            {":authority", "x"},
            {"content-type", "application/grpc"},
            {"te", "trailers"}
        }) {
            headers.write(0);
            for (String part : field) {
                headers.write(part.length());
                headers.writeBytes(part.getBytes(US_ASCII));
            }
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(PREFACE);
        all.writeBytes(NO_SETTINGS);
        all.writeBytes(new byte[] {0, 0, (byte) headers.size(), HEADERS, END_OF_HEADERS_AND_STREAM, 0, 0, 0, 1});
        all.writeBytes(headers.toByteArray());
        return all.toByteArray();
    }

    /** What begins one: its length, the protocol, the last transaction seen, 6 s, no session yet, 16 bytes of no password. */
    private static byte[] sessionOfZooKeeper() {
        int length = 45;
        return ByteBuffer.allocate(Integer.BYTES + length)
                .putInt(length)
                .putInt(0)
                .putLong(0)
                .putInt(6000)
                .putLong(0)
                .putInt(16)
                .array();
    }

    /** Whatever roots the other side names. */
    private static final class ShowsToAnybody extends X509ExtendedKeyManager {
        private static final String ALIAS = "own";
        private final Credentials own;

        ShowsToAnybody(Credentials own) {
            this.own = own;
        }

        @Override
        public String[] getClientAliases(String type, java.security.@Nullable Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(
                String[] types, java.security.@Nullable Principal[] issuers, @Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String type, java.security.@Nullable Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, java.security.@Nullable Principal[] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {own.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key();
        }
    }

    private static final class BelievesAnybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
