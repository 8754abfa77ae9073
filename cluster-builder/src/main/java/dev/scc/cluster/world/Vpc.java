package dev.scc.cluster.world;

import dev.scc.cluster.Holding;
import dev.scc.cluster.VpcRecord;
import dev.scc.host.Ip;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A VPC that lives by itself, and who is in it.
 *
 * @param holdings by the names of their entries
 */
public record Vpc(Held<VpcRecord> record, NavigableMap<String, Held<Holding>> holdings) {
    public Vpc {
        holdings = Collections.unmodifiableNavigableMap(new TreeMap<>(holdings));
    }

    public VpcRecord value() {
        return record.value();
    }

    /** Addresses that somebody has. */
    public List<Ip> taken() {
        return holdings.values().stream()
                .flatMap(held -> held.value().addresses().stream())
                .toList();
    }

    /** The same, but for what stands in this entry. */
    public List<Ip> takenBesides(String entry) {
        return holdings.entrySet().stream()
                .filter(held -> !held.getKey().equals(entry))
                .flatMap(held -> held.getValue().value().addresses().stream())
                .toList();
    }

    /** The cluster that has addresses of it on this node, or had them there and has not given them back. */
    public Optional<String> clusterOn(NodeName node) {
        return holdings.entrySet().stream()
                .filter(held -> !held.getKey().startsWith(EniId.PREFIX))
                .map(held -> held.getValue().value())
                .filter(holding -> holding.isOn(node))
                .map(Holding::who)
                .findFirst();
    }

    /** Who is in it, such as {@code cluster demo}. */
    public Set<String> users() {
        Set<String> users = new TreeSet<>();
        holdings.values().forEach(held -> users.add(held.value().who()));
        return users;
    }
}
