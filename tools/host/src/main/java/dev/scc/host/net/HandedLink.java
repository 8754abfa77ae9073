package dev.scc.host.net;

import dev.scc.host.Ipv4;
import dev.scc.host.Mac;

/**
 * The other end of a cable, in a network namespace of somebody's, while our end stays with us.
 *
 * @param name in that namespace
 * @param end name of our end
 * @param owner the mark on it
 * @param mtu in bytes
 * @param prefix of the network that it reaches directly
 * @param namespace the file that stands for the namespace
 */
public record HandedLink(
        String name, String end, String owner, Mac mac, int mtu, Ipv4 address, int prefix, String namespace) {
    public HandedLink {
        Names.check(name);
        Names.check(end);
    }
}
