package dev.scc.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;

/** A netlink socket (netlink(7)) of the network namespace in which it was opened. For one thread at a time. */
public final class NetlinkSocket implements AutoCloseable {
    /** Links, addresses, neighbours: rtnetlink(7). */
    public static final int ROUTE = 0;

    /** Netfilter's tables, among others. */
    public static final int NETFILTER = 12;

    /** Families that kernel modules bring along, such as that of WireGuard. */
    public static final int GENERIC = 16;

    /** What the kernel tells of devices that come and go: text, not netlink's messages. */
    public static final int DEVICES = 15;

    private static final MethodHandle SOCKET = Binding.function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle OPTION =
            Binding.function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND =
            Binding.function("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle BIND = Binding.function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECEIVE =
            Binding.function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    // From Linux's socket.h.
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    // From Linux's errno.h.
    private static final int EAGAIN = 11;
    /** The kernel puts at most 32 KiB into one answer to someone who offers that much, or a page to others. */
    private static final long BUFFER = 65_536;

    private final Descriptor descriptor;

    private NetlinkSocket(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens one.
     *
     * @param protocol {@link #ROUTE}, {@link #NETFILTER}, {@link #GENERIC} or {@link #DEVICES}
     * @param longest how long {@link #receive} may wait
     */
    public static NetlinkSocket open(int protocol, Duration longest) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            int number = (int) SOCKET.invokeExact(errno, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
            if (number < 0) {
                throw Binding.failed("open a netlink socket of protocol " + protocol, errno);
            }
            NetlinkSocket socket = new NetlinkSocket(new Descriptor(number));
            MemorySegment time = arena.allocateFrom(JAVA_LONG, longest.toSeconds(), longest.toNanosPart() / 1_000L);
            if ((int) OPTION.invokeExact(errno, number, SOL_SOCKET, SO_RCVTIMEO, time, (int) time.byteSize()) != 0) {
                socket.close();
                throw Binding.failed("set a netlink socket's deadline", errno);
            }
            return socket;
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /** Sends one message to the kernel. */
    public void send(byte[] message) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, message);
            if ((long) SEND.invokeExact(errno, descriptor.number(), bytes, bytes.byteSize(), 0) < 0) {
                throw Binding.failed("send to netlink", errno);
            }
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /**
     * From now on the kernel tells of what happens in these groups, too.
     *
     * @param groups the sum of 2 to the power of each group's number less one, of groups 1 to 32
     */
    public void subscribe(int groups) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            // struct sockaddr_nl: family, padding, port (0: the kernel chooses), groups.
            MemorySegment address = arena.allocateFrom(JAVA_INT, AF_NETLINK, 0, groups);
            if ((int) BIND.invokeExact(errno, descriptor.number(), address, (int) address.byteSize()) != 0) {
                throw Binding.failed("subscribe to netlink's groups", errno);
            }
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /** The next datagram from the kernel: one or more messages. */
    public byte[] receive() throws LibcFailed {
        return receive(MSG_TRUNC);
    }

    /** The next datagram within the time that this socket may wait; empty if there is none. */
    public Optional<byte[]> await() throws LibcFailed {
        return unlessAgain(MSG_TRUNC);
    }

    /** The next datagram if it is there; empty if it is not. */
    public Optional<byte[]> poll() throws LibcFailed {
        return unlessAgain(MSG_TRUNC | MSG_DONTWAIT);
    }

    private Optional<byte[]> unlessAgain(int flags) throws LibcFailed {
        try {
            return Optional.of(receive(flags));
        } catch (LibcFailed e) {
            if (e.errno() == EAGAIN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private byte[] receive(int flags) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment buffer = arena.allocate(BUFFER);
            long got = (long) RECEIVE.invokeExact(errno, descriptor.number(), buffer, BUFFER, flags);
            if (got < 0) {
                throw Binding.failed("receive from netlink", errno);
            }
            if (got > BUFFER) {
                throw new LibcFailed("receive from netlink: an answer of " + got + " bytes does not fit", 0);
            }
            return buffer.asSlice(0, got).toArray(JAVA_BYTE);
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
