package dev.scc.cluster.trust;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A connection over TLS on which somebody says what he likes: HTTP/2 frame by frame, with none of the rules that clients keep. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;

    private static final int END_OF_HEADERS = 4;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    private static final int SILENCE_MILLIS = 5000;

    private final SSLSocket socket;

    private RawHttp2(SSLSocket socket) {
        this.socket = socket;
    }

    /** The handshake is over when this returns. */
    static RawHttp2 open(String address, Credentials shown) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                new KeyManager[] {new LiveKeys(() -> shown)},
                new TrustManager[] {new PeerTrust(shown::roots, _ -> true, "anybody")},
                null);
        int colon = address.lastIndexOf(':');
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(SILENCE_MILLIS);
        socket.startHandshake();
        return new RawHttp2(socket);
    }

    void say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** What every connection begins with. */
    void begin() throws IOException {
        say(PREFACE);
        say(frame(SETTINGS, 0, 0, new byte[0]));
    }

    static byte[] frame(int type, int flags, int stream, byte[] content) {
        return ByteBuffer.allocate(9 + content.length)
                .put((byte) (content.length >> 16))
                .putShort((short) content.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(content)
                .array();
    }

    /** Begins a call, without compression of headers. */
    static byte[] call(int stream, String method) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        for (String field : List.of(
                ":method POST",
                ":scheme https",
                ":path /" + method,
                ":authority x",
                "content-type application/grpc",
                "te trailers")) {
            headers.write(0);
            for (String part : field.split(" ", 2)) {
                headers.write(part.length());
                headers.writeBytes(part.getBytes(US_ASCII));
            }
        }
        return frame(HEADERS, END_OF_HEADERS, stream, headers.toByteArray());
    }

    /** All that is answered until it holds that word, or the other side ends the connection, or says nothing for some seconds. */
    String answer(String until) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        try {
            while (!answer.toString(ISO_8859_1).contains(until)) {
                int read = socket.getInputStream().read(piece);
                if (read < 0) {
                    break;
                }
                answer.write(piece, 0, read);
            }
        } catch (SocketException | SSLException | SocketTimeoutException e) {
            // It was ended, or nobody says anything more.
        }
        return answer.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
