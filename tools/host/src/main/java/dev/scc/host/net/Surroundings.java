package dev.scc.host.net;

import dev.scc.host.IpNetwork;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import java.io.IOException;
import java.util.List;

/**
 * What a node's network has that scc did not make: its interfaces with their IPv4 addresses, and its routes. Read over
 * netlink, without any process.
 *
 * @param interfaces in the order of their numbers, the loopback interface among them
 * @param routes of all tables, of IPv4 and then of IPv6, that lead somewhere through one of these interfaces; not to what
 *     every link has
 */
public record Surroundings(List<Interface> interfaces, List<Route> routes) {
    public Surroundings {
        interfaces = List.copyOf(interfaces);
        routes = List.copyOf(routes);
    }

    /**
     * One interface.
     *
     * @param mac its Ethernet address, such as {@code 02:00:00:00:00:01}; empty if it has none
     * @param mtu in bytes
     * @param state the kernel's operational state, such as {@code UP}
     * @param addresses IPv4, in {@code ADDRESS/PREFIX} notation
     */
    public record Interface(String name, boolean loopback, String mac, int mtu, String state, List<String> addresses) {
        public Interface {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * One route; of one with several ways, the first.
     *
     * @param via the router's address; empty if the network is reached directly
     * @param device the interface that packets leave through
     */
    public record Route(IpNetwork to, String via, String device) {

        /** Such as {@code via 10.99.0.1 on eth0}. */
        public String words() {
            return (via.isEmpty() ? "directly" : "via " + via) + " on " + device;
        }
    }

    /** Reads those of the namespace now. @throws CommandFailed if the kernel cannot be asked */
    public static Surroundings of(NetworkNamespace namespace) throws CommandFailed {
        try {
            return namespace.inside(KernelSurroundings::read);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailed("cannot read the kernel's interfaces and routes: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted while the kernel's interfaces and routes were read", e);
        }
    }
}
