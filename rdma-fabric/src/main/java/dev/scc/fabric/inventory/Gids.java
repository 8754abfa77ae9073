package dev.scc.fabric.inventory;

import dev.scc.fabric.GidEntry;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finding a GID by what it stands for: its index moves when addresses come and go, and differs between nodes. */
public final class Gids {
    /** As sysfs writes the type of GIDs whose packets are routable UDP. */
    public static final String ROCE_V2 = "RoCE v2";

    private Gids() {}

    /**
     * The RoCE v2 GID that this machine's RDMA device has for {@code address} on {@code netdev}, such as {@code eth1.70}.
     *
     * @throws IOException if there is no such device
     */
    public static Optional<GidEntry> find(String device, Ipv4 address, String netdev) throws IOException {
        return find(RdmaSysfs.local(), device, address, netdev);
    }

    /** The same for any tree. */
    public static Optional<GidEntry> find(RdmaSysfs sysfs, String device, Ipv4 address, String netdev)
            throws IOException {
        return sysfs.gid(
                device,
                of(address),
                row -> row.type().equals(ROCE_V2) && row.netdev().equals(netdev));
    }

    /**
     * The first RoCE v2 GID of the device that stands for an address which the interface has now, IPv4 before IPv6: a device keeps
     * a GID of the interface's link-local address also where IPv6 is switched off, and nothing gets there then.
     *
     * @param addresses of the interface, IPv4
     * @throws IOException if there is no such device
     */
    public static Optional<GidEntry> ofInterface(
            RdmaSysfs sysfs, String device, String netdev, Collection<Ipv4> addresses) throws IOException {
        List<String> wanted = new ArrayList<>();
        addresses.forEach(address -> wanted.add(of(address)));
        wanted.addAll(sysfs.ipv6(netdev));
        for (String gid : wanted) {
            Optional<GidEntry> row = sysfs.gid(
                    device,
                    gid,
                    one -> one.type().equals(ROCE_V2) && one.netdev().equals(netdev));
            if (row.isPresent()) {
                return row;
            }
        }
        return Optional.empty();
    }

    /** The GID of an IPv4 address, in sysfs notation: the IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2). */
    public static String of(Ipv4 address) {
        return "0000:0000:0000:0000:0000:ffff:%04x:%04x".formatted(address.bits() >>> 16, address.bits() & 0xffff);
    }
}
