package dev.scc.fabric.inventory;

import dev.scc.host.Bounds;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import java.util.List;

/**
 * A network interface that scc did not make.
 *
 * @param state the kernel's operational state, such as {@code UP}
 * @param addresses IPv4, in {@code ADDRESS/PREFIX} notation
 */
public record Nic(String name, String mac, int mtu, String state, List<String> addresses) {
    private static final int LONGEST = 64;
    private static final int LARGEST_MTU = 1 << 20;

    public Nic {
        Bounds.atMost("name", name, LONGEST);
        Bounds.atMost("mac", mac, LONGEST);
        Bounds.atMost("state", state, LONGEST);
        Bounds.within("mtu", mtu, 0, LARGEST_MTU);
        addresses = List.copyOf(addresses);
        addresses.forEach(Nic::network);
    }

    /**
     * The network of an address such as {@code 10.99.0.11/24}.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static Cidr network(String address) {
        int slash = address.indexOf('/');
        if (slash < 0 || !address.substring(slash + 1).matches("[0-9]{1,2}")) {
            throw new IllegalArgumentException("\"" + address + "\" is not an address such as 10.99.0.11/24");
        }
        int prefix = Integer.parseInt(address.substring(slash + 1));
        int mask = prefix == 0 ? 0 : -1 << (32 - prefix);
        return new Cidr(new Ipv4(Ipv4.parse(address.substring(0, slash)).bits() & mask), prefix);
    }
}
