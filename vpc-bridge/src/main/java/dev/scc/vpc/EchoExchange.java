package dev.scc.vpc;

import dev.scc.host.libc.EchoSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Echo requests (RFC 792) that bear random bytes, so that nobody answers who has not got them. Not thread-safe. */
final class EchoExchange implements PathSearch.Exchange {
    private static final int IP_HEADER = 20;
    private static final int ICMP_HEADER = 8;
    private static final int REPLY = 0;
    private static final int REQUEST = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final EchoSocket socket;
    private final byte[] token = new byte[16];
    private final short id;
    private short sequence;
    private boolean heard;

    EchoExchange(EchoSocket socket) {
        this.socket = socket;
        RANDOM.nextBytes(token);
        id = (short) RANDOM.nextInt();
    }

    @Override
    public PathSearch.Round send(List<Integer> sizes, Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Map<Short, byte[]> sent = new HashMap<>();
        for (int size : sizes) {
            byte[] request = request(size - IP_HEADER);
            if (socket.send(request)) {
                sent.put(sequence, request);
            }
        }
        List<Integer> answered = new ArrayList<>();
        for (long left = end - System.nanoTime(); left > 0 && !sent.isEmpty(); left = end - System.nanoTime()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            socket.await(Duration.ofNanos(left))
                    .flatMap(packet -> answer(packet, sent))
                    .ifPresent(answered::add);
        }
        return new PathSearch.Round(answered, heard);
    }

    private byte[] request(int length) {
        byte[] message = new byte[length];
        for (int i = ICMP_HEADER; i < length; i++) {
            message[i] = token[(i - ICMP_HEADER) % token.length];
        }
        sequence++;
        ByteBuffer header = ByteBuffer.wrap(message);
        header.put(0, (byte) REQUEST).putShort(4, id).putShort(6, sequence);
        header.putShort(2, checksum(message));
        return message;
    }

    /** The size of the packet that it answers; empty if it answers none. */
    private Optional<Integer> answer(byte[] packet, Map<Short, byte[]> sent) {
        int header = (packet[0] & 0xf) * 4;
        if (packet.length < header + ICMP_HEADER) {
            return Optional.empty();
        }
        int type = packet[header];
        ByteBuffer message =
                ByteBuffer.wrap(packet, header, packet.length - header).slice();
        if (type == REQUEST) {
            heard = true;
        }
        if (type != REPLY || message.getShort(4) != id) {
            return Optional.empty();
        }
        short answered = message.getShort(6);
        byte[] request = sent.get(answered);
        if (request == null
                || !Arrays.equals(packet, header + ICMP_HEADER, packet.length, request, ICMP_HEADER, request.length)) {
            return Optional.empty();
        }
        sent.remove(answered);
        return Optional.of(request.length + IP_HEADER);
    }

    /** The one's complement of the sum of 16 bit words (RFC 1071). */
    private static short checksum(byte[] message) {
        int sum = 0;
        for (int i = 0; i < message.length; i++) {
            sum += i % 2 == 0 ? (message[i] & 0xff) << 8 : message[i] & 0xff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}
