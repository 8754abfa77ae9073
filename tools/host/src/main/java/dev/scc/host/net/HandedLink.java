package dev.scc.host.net;

import dev.scc.host.Ipv4;
import dev.scc.host.Mac;

/**
 * A macvlan that is in a network namespace of somebody's, while the link that it sits on stays ours.
 *
 * @param name in that namespace
 * @param madeAs its name on our side, for as long as it is made
 * @param parent the link that it sits on
 * @param owner the mark on it
 * @param mtu in bytes
 * @param prefix of the network that it reaches directly
 * @param namespace the file that stands for the namespace
 */
public record HandedLink(
        String name,
        String madeAs,
        String parent,
        String owner,
        Mac mac,
        int mtu,
        Ipv4 address,
        int prefix,
        String namespace) {
    public HandedLink {
        Names.check(name);
        Names.check(madeAs);
        Names.check(parent);
    }
}
