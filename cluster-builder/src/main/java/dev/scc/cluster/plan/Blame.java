package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.VpcVerdict;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Suspect;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.NodeName;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Something that went wrong in a cluster, and which of its nodes another could take the place of.
 *
 * @param nodes in the order of their names, those that are to blame; empty if it is not known to be a node's fault
 */
public record Blame(Failure failure, Set<NodeName> nodes) {
    public Blame {
        nodes = Collections.unmodifiableSet(new TreeSet<>(nodes));
    }

    /** What keeps members from being built; empty if nothing does. */
    static Optional<Blame> building(Situation situation, ClusterRecord cluster) {
        return situation
                .trouble(cluster)
                .map(failure -> new Blame(failure, situation.troubled(cluster)))
                .or(() -> situation.late(cluster).map(failure -> new Blame(failure, situation.tardy(cluster))));
    }

    /** What keeps members from being verified, other than the verification's result; empty if nothing does. */
    static Optional<Blame> serving(Situation situation, ClusterRecord cluster) {
        return situation.trouble(cluster).map(failure -> new Blame(failure, situation.troubled(cluster)));
    }

    static Blame of(ClusterRecord cluster, VerificationResult.CannotVerify cannot) {
        return new Blame(
                ClusterPlanner.cannotVerify(cluster, cannot),
                cannot.node().map(Set::of).orElse(Set.of()));
    }

    /** What a verification found, which is not all well. What is wrong with the fabric comes first. */
    static Blame of(ClusterRecord cluster, VerificationResult.Judged result) {
        if (result.verdict().ok()) {
            return of(cluster, result.vpc());
        }
        Blame ofFabric = of(cluster, result.verdict());
        if (result.vpc().ok()) {
            return ofFabric;
        }
        Set<NodeName> nodes = new LinkedHashSet<>(ofFabric.nodes());
        nodes.addAll(result.vpc().nodes());
        return new Blame(ofFabric.failure().adding(result.vpc().why()), nodes);
    }

    private static Blame of(ClusterRecord cluster, VpcVerdict vpc) {
        Failure failure = Failure.of(Situation.what(cluster), vpc.why()).advising(vpc.next());
        return new Blame(
                vpc.nodes().stream()
                        .findFirst()
                        .map(named -> failure.at(named, new Failure.VpcProbes()))
                        .orElseGet(() -> failure.in(new Failure.VpcProbes())),
                Set.copyOf(vpc.nodes()));
    }

    static Blame of(ClusterRecord cluster, Verdict verdict) {
        ProbeResult first = verdict.failed().getFirst();
        String why = verdict.failed().size() + " of " + verdict.pairs() + " pairs failed; " + first.a() + " - "
                + first.b() + ": " + first.why();
        Set<NodeName> suspects = new LinkedHashSet<>();
        verdict.suspects().stream()
                .filter(suspect -> suspect.kind() == Suspect.Kind.NODE)
                .forEach(suspect -> suspects.addAll(suspect.nodes()));
        Failure failure = Failure.of(Situation.what(cluster), why);
        // Which of the two ends of a link it is nobody can tell, and who reports it may be the one.
        return new Blame(
                suspects.stream()
                        .findFirst()
                        .map(named -> failure.at(named, new Failure.Verification()))
                        .orElseGet(() -> failure.in(new Failure.Verification())),
                suspects);
    }
}
