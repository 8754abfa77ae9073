package dev.scc.cluster;

import dev.scc.host.NodeName;
import dev.scc.host.net.TunnelKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a node says of its end of tunnels, as long as it is in an encrypted VPC. That it is the node's own word is all that others have to
 * know of it: where the node is they know from the VPC.
 *
 * @param key by which the kernels of others know it
 */
public record NodeTunnel(TunnelKey key) {

    /**
     * The keys that a node goes by. Two nodes that say the same have none: at least one of them has not got its secret half, and which
     * one nobody can tell.
     *
     * @param own the node's own; empty if it can have no tunnels
     * @param met whom it meets in encrypted VPCs
     * @param said by the names of nodes
     */
    public static Map<NodeName, TunnelKey> keys(
            NodeName self, Optional<TunnelKey> own, Collection<NodeName> met, Map<String, NodeTunnel> said) {
        Map<NodeName, TunnelKey> keys = new TreeMap<>();
        for (NodeName other : met) {
            Optional.ofNullable(said.get(other.value()))
                    .filter(_ -> !other.equals(self))
                    .ifPresent(tunnel -> keys.put(other, tunnel.key()));
        }
        Map<TunnelKey, Long> claims =
                keys.values().stream().collect(Collectors.groupingBy(key -> key, Collectors.counting()));
        keys.values().removeIf(key -> claims.getOrDefault(key, 0L) > 1 || own.equals(Optional.of(key)));
        own.ifPresent(key -> keys.put(self, key));
        return keys;
    }
}
