package dev.scc.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A raw ICMP socket (raw(7)) between two addresses, of the network namespace in which it was opened: what it sends leaves by one
 * interface, and is never fragmented by this kernel. Needs CAP_NET_RAW. For one thread at a time.
 */
public final class EchoSocket implements AutoCloseable {
    private static final MethodHandle SOCKET = Binding.function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle OPTION =
            Binding.function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle BIND = Binding.function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT = Binding.function("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND =
            Binding.function("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECEIVE =
            Binding.function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    // From Linux's socket.h, in.h and icmp.h.
    private static final int AF_INET = 2;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int IPPROTO_ICMP = 1;
    private static final int SOL_IP = 0;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IP_PMTUDISC_DO = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SOL_RAW = 255;
    private static final int ICMP_FILTER = 1;
    private static final int ECHO_REPLY = 0;
    private static final int ECHO_REQUEST = 8;
    // From Linux's errno.h.
    private static final int EAGAIN = 11;
    private static final int EMSGSIZE = 90;
    /** The longest IPv4 packet. */
    private static final long LONGEST = 65_535;

    private static final int SOCKADDR_IN = 16;

    private final Descriptor descriptor;

    private EchoSocket(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens one.
     *
     * @param device the interface, which has to be there
     * @param own an IPv4 address of this machine, its 32 bits in network order
     * @param other likewise, the only address that is heard
     * @throws LibcFailed if interface or address are not there, or this process may not
     */
    public static EchoSocket open(String device, int own, int other) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            int number = (int) SOCKET.invokeExact(errno, AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
            if (number < 0) {
                throw Binding.failed("open a socket for ICMP", errno);
            }
            EchoSocket socket = new EchoSocket(new Descriptor(number));
            try {
                socket.option(SOL_SOCKET, SO_BINDTODEVICE, device.getBytes(StandardCharsets.US_ASCII), device);
                socket.option(SOL_IP, IP_MTU_DISCOVER, number(IP_PMTUDISC_DO), "no fragments");
                socket.option(SOL_RAW, ICMP_FILTER, number(~(1 << ECHO_REPLY | 1 << ECHO_REQUEST)), "echoes alone");
                if ((int) BIND.invokeExact(errno, number, address(arena, own), SOCKADDR_IN) != 0) {
                    throw Binding.failed("use the address " + words(own), errno);
                }
                if ((int) CONNECT.invokeExact(errno, number, address(arena, other), SOCKADDR_IN) != 0) {
                    throw Binding.failed("find a way to " + words(other), errno);
                }
                return socket;
            } catch (Throwable e) {
                socket.close();
                throw e;
            }
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    private static String words(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    /** struct sockaddr_in: family, port (of no meaning here), address, padding. */
    private static MemorySegment address(Arena arena, int address) {
        byte[] bytes = new byte[SOCKADDR_IN];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putShort((short) AF_INET);
        ByteBuffer.wrap(bytes).putInt(4, address);
        return arena.allocateFrom(JAVA_BYTE, bytes);
    }

    private void option(int level, int option, byte[] value, String what) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, value);
            if ((int) OPTION.invokeExact(errno, descriptor.number(), level, option, bytes, value.length) != 0) {
                throw Binding.failed("set up a socket for ICMP: " + what, errno);
            }
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /**
     * Sends one ICMP message.
     *
     * @return whether it has left; false if it is too long for the interface, or for what the kernel knows of the path
     */
    public boolean send(byte[] message) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, message);
            if ((long) SEND.invokeExact(errno, descriptor.number(), bytes, bytes.byteSize(), 0) >= 0) {
                return true;
            }
            LibcFailed failed = Binding.failed("send", errno);
            if (failed.errno() == EMSGSIZE) {
                return false;
            }
            throw failed;
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /** The next packet, with its IP header, if one comes within that time. */
    public Optional<byte[]> await(Duration longest) throws LibcFailed {
        // No time at all would be for ever.
        long micros = Math.max(1, longest.toNanos() / 1_000);
        option(SOL_SOCKET, SO_RCVTIMEO, time(micros), "its deadline");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment buffer = arena.allocate(LONGEST);
            long got = (long) RECEIVE.invokeExact(errno, descriptor.number(), buffer, LONGEST, 0);
            if (got >= 0) {
                return Optional.of(buffer.asSlice(0, got).toArray(JAVA_BYTE));
            }
            LibcFailed failed = Binding.failed("receive", errno);
            if (failed.errno() != EAGAIN) {
                throw failed;
            }
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
        return Optional.empty();
    }

    private static byte[] time(long micros) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(micros / 1_000_000)
                .putLong(micros % 1_000_000)
                .array();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
