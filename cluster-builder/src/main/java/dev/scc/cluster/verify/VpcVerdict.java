package dev.scc.cluster.verify;

import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.VpcSummary;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.Suspect;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.Bounds;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * What probes say about a cluster's VPC.
 *
 * @param paths that somebody could probe
 * @param suspects the fewest nodes and paths that explain what failed, as of a fabric's pairs; empty if nothing did
 */
public record VpcVerdict(List<VpcPath> paths, List<Suspect> suspects) {
    /** Nothing could be probed: there is one member, or the agents of the others do not know how. */
    public static final VpcVerdict NOTHING = of(List.of());

    /** How many suspects a person is told of, in how many characters each. */
    private static final int TOLD = 3;

    private static final int LONGEST = 500;

    /** More are only counted: a cluster's record must stay small. */
    private static final int FAILED_SHOWN = 100;

    public VpcVerdict {
        paths = List.copyOf(paths);
        suspects = List.copyOf(suspects);
    }

    /** Judges them. */
    public static VpcVerdict of(List<VpcPath> paths) {
        return new VpcVerdict(
                paths,
                Verdict.judged(Pattern.FULL, paths.stream().map(VpcPath::asPair).toList())
                        .suspects());
    }

    public boolean ok() {
        return paths.stream().allMatch(VpcPath::ok);
    }

    /** The paths that are not ok. */
    public List<VpcPath> failed() {
        return paths.stream().filter(path -> !path.ok()).toList();
    }

    /** The nodes that are to blame; empty if nobody can tell. */
    public List<NodeName> nodes() {
        return suspects.stream()
                .filter(suspect -> suspect.kind() == Suspect.Kind.NODE)
                .flatMap(suspect -> suspect.nodes().stream())
                .toList();
    }

    /** Why it is not ok, for a person: how much failed, where, and how that shows. */
    public String why() {
        return "%d of %d paths in the VPC failed; %s"
                .formatted(
                        failed().size(),
                        paths.size(),
                        String.join(
                                "; ",
                                Bounds.cut(
                                        suspects.stream().map(VpcVerdict::words).toList(), TOLD, LONGEST)));
    }

    /** What a person is to do about it. */
    public String next() {
        Optional<NodeName> node = nodes().stream().findFirst();
        VpcPath path = failed().stream()
                .filter(one -> node.filter(named -> !one.has(named)).isEmpty())
                .findFirst()
                .orElseThrow();
        String where = node.map(named -> "at node " + named + " (" + underlay(path, named) + ")")
                .orElseGet(() -> "between " + path.a() + " and " + path.b());
        if (path.narrow().isPresent()) {
            return "have packets of %d bytes carried %s: MTU of its interface, of switch ports, of what is in between"
                    .formatted(path.onUnderlay(path.narrow().get().mtu()), where);
        }
        return path.silent()
                ? "let %s through %s, in and out: firewalls and rules of a cloud are likely, else the path is broken"
                        .formatted(path.carrier(), where)
                : "\"scc doctor " + path.a().node() + "\" says what is misconfigured there";
    }

    private static Ipv4 underlay(VpcPath path, NodeName node) {
        return path.a().node().equals(node) ? path.a().underlay() : path.b().underlay();
    }

    /** The same without what each end said. */
    public VpcSummary summary() {
        return new VpcSummary(
                paths.size(),
                paths.size() - failed().size(),
                paths.stream()
                        .filter(VpcPath::ok)
                        .flatMap(path -> path.mtu().stream())
                        .min(Integer::compare)
                        .orElse(0),
                failed().stream()
                        .limit(FAILED_SHOWN)
                        .map(path -> new VerificationSummary.FailedPair(
                                path.a().node(), path.b().node(), path.why()))
                        .toList(),
                suspects.stream().map(VpcVerdict::words).toList());
    }

    private static String words(Suspect suspect) {
        return suspect.kind() == Suspect.Kind.FABRIC
                ? "all of the VPC: " + suspect.why()
                : VerificationSummary.words(suspect);
    }
}
