package dev.scc.simulation;

import dev.scc.cluster.Roster;
import dev.scc.fabric.verify.Pair;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What verifications have shown, by the number of the network. */
final class Proofs {
    private final Map<Integer, List<Proof>> verified = new TreeMap<>();
    /** Of clusters that are gone. */
    private final Map<Integer, List<Proof>> former = new TreeMap<>();
    /** What a leader has found out and has not written of yet. */
    private final Map<Integer, Heard> heard = new TreeMap<>();

    private record Heard(long epoch, List<Pair> failed) {}

    /** Members that have been verified together, and the pairs that failed later. */
    private record Proof(Set<NodeName> members, List<Pair> refuted) {
        boolean covers(List<NodeName> others) {
            return members.containsAll(others)
                    && refuted.stream()
                            .noneMatch(pair -> others.contains(pair.active()) && others.contains(pair.passive()));
        }
    }

    private static int number(Roster roster) {
        return roster.segment().vlan().value();
    }

    void verified(Roster roster, Set<NodeName> members) {
        verified.computeIfAbsent(number(roster), _ -> new ArrayList<>()).add(new Proof(members, new ArrayList<>()));
    }

    /** What has been shown is no longer so where a pair has failed since, from when its leader writes of the cluster next. */
    void refuted(Roster roster, List<Pair> failed, long epoch) {
        heard.put(number(roster), new Heard(epoch, failed));
    }

    /** A cluster's record is written. What a former leader has found out, its successor does not know. */
    void heed(int network, long epoch) {
        Heard last = heard.remove(network);
        if (last != null && last.epoch() == epoch) {
            verified.getOrDefault(network, List.of())
                    .forEach(proof -> proof.refuted().addAll(last.failed()));
        }
    }

    /** The tree is an older one, and knows of clusters again that were gone. */
    void setBack() {
        former.forEach((network, proofs) ->
                verified.computeIfAbsent(network, _ -> new ArrayList<>()).addAll(proofs));
        heard.clear();
    }

    boolean cover(int network, List<NodeName> members) {
        return verified.getOrDefault(network, List.of()).stream().anyMatch(proof -> proof.covers(members));
    }

    void forget(int network) {
        former.computeIfAbsent(network, _ -> new ArrayList<>()).addAll(verified.getOrDefault(network, List.of()));
        verified.remove(network);
        heard.remove(network);
    }
}
