package dev.scc.host.net;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.libc.LibcFailed;
import dev.scc.host.libc.NetlinkSocket;
import dev.scc.host.net.Netlink.Entry;
import dev.scc.host.net.Netlink.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when a node's network changes, whoever changes it: the kernel says so over netlink. Events only say that something may
 * have changed; many in a short time are told as one. Numbers of groups and messages are those of Linux's rtnetlink.h and
 * nfnetlink.h.
 */
public final class NetworkEvents implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NetworkEvents.class);

    /** What else comes within this time is told with the first. */
    private static final Duration GATHER = Duration.ofMillis(200);

    /** How long a thread may sleep before it looks whether it is still needed. */
    private static final Duration LOOK_UP = Duration.ofSeconds(1);

    // Groups 1 (links), 3 (neighbours), 5 (IPv4 addresses), 7 (IPv4 routes), 9 (IPv6 addresses) and 28 (numbers of
    // other
    // namespaces); and 7 of netfilter (nftables).
    private static final int ROUTE_GROUPS = 1 | 1 << 2 | 1 << 4 | 1 << 6 | 1 << 8 | 1 << 27;
    private static final int NFT_GROUPS = 1 << 6;
    private static final int DEVICE_GROUPS = 1;

    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_DELNEIGH = 29;
    private static final int RTM_DELNSID = 89;
    private static final int RTM_GETLINK = 18;
    private static final byte AF_BRIDGE = 7;
    private static final byte AF_INET6 = 10;
    private static final int NFT_SUBSYSTEM = 10;
    private static final int NFT_MSG_NEWGEN = 15;
    private static final int ENOBUFS = 105;

    private final List<NetlinkSocket> sockets = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    /** Numbers of our links. */
    private final Set<Integer> ours = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** What may have changed. Called by threads that must not be held up. */
    public interface Listener {
        /** Something that bears our mark, or sits on it. */
        void ours();

        /** Something else: interfaces, addresses, routes. */
        void others();
    }

    /** What a datagram tells of. */
    private record News(boolean ours, boolean others) {
        static final News NONE = new News(false, false);
        static final News ALL = new News(true, true);

        News and(News more) {
            return new News(ours || more.ours, others || more.others);
        }
    }

    /** Reads one kind of datagram. */
    private interface Reading {
        News of(byte[] datagram) throws IOException;
    }

    /** Reads one kind of message. */
    private interface MessageReading {
        News of(Message message);
    }

    private NetworkEvents() {}

    /** Tells of the namespace's network until it is closed. @throws CommandFailed if the kernel does not let us listen */
    public static NetworkEvents of(NetworkNamespace namespace, Listener listener) throws CommandFailed {
        NetworkEvents events = new NetworkEvents();
        try {
            namespace.inside(() -> {
                events.listen();
                return true;
            });
        } catch (IOException e) {
            events.close();
            throw new CommandFailed("cannot listen to the kernel's network events: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            events.close();
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted before the kernel's network events could be listened to", e);
        }
        events.begin(events.sockets.get(0), messages(events::route), listener, "links");
        events.begin(events.sockets.get(1), messages(NetworkEvents::nft), listener, "nft");
        events.begin(events.sockets.get(2), NetworkEvents::device, listener, "devices");
        return events;
    }

    private void listen() throws IOException {
        NetlinkSocket route = NetlinkSocket.open(NetlinkSocket.ROUTE, LOOK_UP);
        sockets.add(route);
        route.subscribe(ROUTE_GROUPS);
        NetlinkSocket nft = NetlinkSocket.open(NetlinkSocket.NETFILTER, LOOK_UP);
        sockets.add(nft);
        nft.subscribe(NFT_GROUPS);
        NetlinkSocket devices = NetlinkSocket.open(NetlinkSocket.DEVICES, LOOK_UP);
        sockets.add(devices);
        devices.subscribe(DEVICE_GROUPS);
        // Only now, so that none is missed.
        try (Netlink netlink = Netlink.open(NetlinkSocket.ROUTE)) {
            for (Entry link : netlink.dump(RTM_GETLINK, new byte[16])) {
                if (KernelSurroundings.ours(link)) {
                    ours.add(link.head().getInt(4));
                }
            }
        }
    }

    private void begin(NetlinkSocket socket, Reading reading, Listener listener, String what) {
        threads.add(Thread.ofPlatform()
                .daemon()
                .name("network events, " + what)
                .start(() -> follow(socket, reading, listener)));
    }

    private void follow(NetlinkSocket socket, Reading reading, Listener listener) {
        try (socket) {
            while (!closed) {
                News news = next(socket, reading);
                if (news.ours()) {
                    listener.ours();
                }
                if (news.others()) {
                    listener.others();
                }
            }
        } catch (IOException e) {
            log.atError()
                    .setCause(e)
                    .log("the kernel's network events are not heard any more; looking from time to time");
        } catch (InterruptedException e) {
            log.atDebug().log("network events closed");
        }
    }

    private News next(NetlinkSocket socket, Reading reading) throws IOException, InterruptedException {
        try {
            Optional<byte[]> first = socket.await();
            if (first.isEmpty()) {
                return News.NONE;
            }
            News news = reading.of(first.get());
            if (news.equals(News.NONE)) {
                return news;
            }
            Thread.sleep(GATHER);
            for (Optional<byte[]> more = socket.poll(); more.isPresent(); more = socket.poll()) {
                news = news.and(reading.of(more.get()));
            }
            return news;
        } catch (LibcFailed e) {
            if (e.errno() == ENOBUFS) {
                return News.ALL; // More than fits was to be told, so anything may have happened.
            }
            throw e;
        }
    }

    private static Reading messages(MessageReading reading) {
        return datagram -> {
            News news = News.NONE;
            for (Message message : Netlink.messages(datagram)) {
                news = news.and(reading.of(message));
            }
            return news;
        };
    }

    private News route(Message message) {
        return switch (message.type()) {
            case RTM_NEWLINK, RTM_DELLINK -> link(message.entry(16), message.type() == RTM_DELLINK);
            // struct ifaddrmsg and struct ndmsg: the link's number is at 4.
            case RTM_NEWADDR, RTM_DELADDR -> address(message.body());
            case RTM_NEWNEIGH, RTM_DELNEIGH ->
                new News(ours.contains(message.body().getInt(4)), false);
            case RTM_NEWROUTE, RTM_DELROUTE -> on(message.entry(12).number(4));
            // A namespace is gone to which a link was moved from here, perhaps ours.
            case RTM_DELNSID -> new News(true, false);
            default -> News.NONE;
        };
    }

    /** Addresses of IPv6 that are not ours come and go with every interface, and nothing follows from them. */
    private News address(ByteBuffer body) {
        News news = on(body.getInt(4));
        return body.get(0) == AF_INET6 ? new News(news.ours(), false) : news;
    }

    private News on(int link) {
        return ours.contains(link) ? new News(true, false) : new News(false, true);
    }

    private News link(Entry link, boolean gone) {
        if (link.head().get(0) == AF_BRIDGE) {
            return News.NONE; // A bridge tells of its ports.
        }
        int number = link.head().getInt(4);
        boolean mine = KernelSurroundings.ours(link) || ours.contains(number);
        if (gone) {
            ours.remove(number);
        } else if (mine) {
            ours.add(number);
        }
        return new News(mine, !mine);
    }

    /** Each change of a table, and of what is in it, names the table; the last message of a transaction does not. */
    private static News nft(Message message) {
        boolean ofTables = message.type() >> 8 == NFT_SUBSYSTEM && (message.type() & 0xff) != NFT_MSG_NEWGEN;
        return ofTables
                        && message.entry(4)
                                .text(1)
                                .filter(NetObject.NftTable::legal)
                                .isPresent()
                ? new News(true, false)
                : News.NONE;
    }

    /**
     * RDMA devices come and go without a word of rtnetlink's: {@code ACTION@PATH}, a zero, and {@code NAME=VALUE} with a zero
     * after each (lib/kobject_uevent.c). A device that a segment of ours uses may be one of them.
     */
    private static News device(byte[] datagram) {
        return ofRdma(new String(datagram, StandardCharsets.UTF_8)) ? News.ALL : News.NONE;
    }

    static boolean ofRdma(String uevent) {
        return ("\0" + uevent).contains("\0SUBSYSTEM=infiniband\0");
    }

    /** Within about a second nothing is told any more. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        if (threads.isEmpty()) {
            sockets.forEach(NetlinkSocket::close);
        }
    }
}
