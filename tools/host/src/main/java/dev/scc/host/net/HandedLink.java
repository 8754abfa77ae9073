package dev.scc.host.net;

import dev.scc.host.Ip;
import dev.scc.host.Mac;
import java.util.List;

/**
 * The other end of a cable, in a network namespace of somebody's, while our end stays with us.
 *
 * @param name in that namespace
 * @param end name of our end
 * @param owner the mark on it
 * @param mtu in bytes
 * @param addresses that it has to have; its owner may give it others, which get nowhere
 * @param namespace the file that stands for the namespace
 */
public record HandedLink(
        String name, String end, String owner, Mac mac, int mtu, List<Placed> addresses, String namespace) {
    public HandedLink {
        Names.check(name);
        Names.check(end);
        addresses = List.copyOf(addresses);
    }

    /**
     * An address of it.
     *
     * @param prefix of the network that it reaches directly
     */
    public record Placed(Ip address, int prefix) {}
}
