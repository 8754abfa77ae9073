package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's side of HTTP/2's PING (RFC 9113, section 6.7), spoken to frame by frame. */
@Timeout(240)
class KeepAliveTest {
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int FLOOD = 100;

    /** Both sides ping a silent connection: two a moment apart are not abuse. */
    @Test
    void pingsThatFollowEachOtherCloselyAreAnswered() throws Exception {
        assertThat(answeredOf(2)).isEqualTo(2);
    }

    /** Class of hole: a peer that costs others their time. */
    @Test
    void aFloodOfPingsEndsItsConnection() throws Exception {
        assertThat(answeredOf(FLOOD)).isLessThan(FLOOD);
    }

    /** How many of so many pings at once are answered before the server has enough. */
    private static int answeredOf(int pings) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (RpcServer server = RpcServer.start(any, Connections.plain(), List.of());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            return answeredOf(pings, socket);
        } catch (EOFException | SocketException e) {
            return 0; // Closed before we had sent all, or heard anything.
        }
    }

    private static int answeredOf(int pings, Socket socket) throws Exception {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(out, SETTINGS, new byte[0]);
        for (int i = 0; i < pings; i++) {
            send(out, PING, new byte[8]);
        }
        out.flush();
        int answered = 0;
        while (answered < pings) {
            int type = receive(in);
            if (type == GOAWAY) {
                return answered;
            }
            answered += type == PING ? 1 : 0;
        }
        return answered;
    }

    private static void send(DataOutputStream out, int type, byte[] payload) throws Exception {
        out.writeShort(0);
        out.writeByte(payload.length);
        out.writeByte(type);
        out.writeByte(0);
        out.writeInt(0);
        out.write(payload);
    }

    /** Reads one frame and answers its type. */
    private static int receive(DataInputStream in) throws Exception {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        in.skipNBytes(1 + 4 + length);
        return type;
    }
}
