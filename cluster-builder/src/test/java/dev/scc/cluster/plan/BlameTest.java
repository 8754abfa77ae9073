package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Failure;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.VpcPath;
import dev.scc.cluster.verify.VpcVerdict;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Schedule;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one node says puts the blame on no other. */
class BlameTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");

    private static Blame blame(List<NodeName> members, Predicate<Pair> bad) {
        List<ProbeResult> results = Schedule.of(members, Pattern.FULL).pairs().stream()
                .map(pair -> bad.test(pair)
                        ? ProbeResult.failed(pair, "no answer")
                        : ProbeResult.passed(pair, ProbeOutcome.Passed.NOTHING))
                .toList();
        ClusterRecord cluster = ClusterRecord.begun(ClusterSpec.of("demo", members.size()), 70, members, 0, "r1");
        return Blame.of(cluster, Verdict.of(members, Pattern.FULL, results));
    }

    @Test
    void ofTwoNodesItCannotBeToldWhichItIs() {
        Blame blame = blame(List.of(N1, N2), _ -> true);

        assertThat(blame.nodes()).isEmpty();
        assertThat(blame.failure().node()).isEmpty();
        assertThat(blame.failure().ofVerification()).isTrue();
        assertThat(blame.failure().why()).contains("1 of 1 pairs failed").contains("no answer");
    }

    @Test
    void aLinkAloneIsNobodysFaultWhoeverReportsIt() {
        Blame blame = blame(List.of(N1, N2, N3), pair -> pair.has(N1) && pair.has(N2));

        assertThat(blame.nodes()).isEmpty();
        assertThat(blame.failure().node()).isEmpty();
        assertThat(blame.failure().ofVerification()).isTrue();
    }

    @Test
    void whoFailsWithTwoOthersIsToBlame() {
        Blame blame = blame(List.of(N1, N2, N3), pair -> pair.has(N2));

        assertThat(blame.nodes()).containsExactly(N2);
        assertThat(blame.failure().node()).contains(N2);
    }

    private static VpcPath path(NodeName a, NodeName b, PathOutcome said) {
        return path(false, a, b, said);
    }

    private static VpcPath path(boolean encrypted, NodeName a, NodeName b, PathOutcome said) {
        return new VpcPath(
                encrypted,
                new VpcPath.End(a, Ipv4.parse("10.99.0.1"), said),
                new VpcPath.End(b, Ipv4.parse("10.99.0.2"), said));
    }

    @Test
    void whatIsWrongWithTheVpcIsSaidWithWhatToDo() {
        List<NodeName> members = List.of(N1, N2, N3);
        ClusterRecord cluster = ClusterRecord.begun(ClusterSpec.of("demo", 3), 70, members, 0, "r1");
        VpcVerdict vpc = VpcVerdict.of(List.of(
                path(N1, N2, new PathOutcome.Silent(false)),
                path(N2, N3, new PathOutcome.Silent(false)),
                path(N3, N1, new PathOutcome.Passed(1450))));

        Blame blame =
                Blame.of(cluster, new VerificationResult.Judged(Verdict.of(members, Pattern.OFF, List.of()), vpc, 5));

        assertThat(blame.nodes()).containsExactly(N2);
        assertThat(blame.failure().step()).contains(new Failure.VpcProbes());
        assertThat(blame.failure().why()).contains("2 of 3 paths in the VPC failed; node n2: fails with 2 of 2");
        assertThat(blame.failure().next()).contains("UDP port 4789").contains("at node n2");
    }

    @ParameterizedTest
    @CsvSource({"false, 1500, UDP port 4789 (VXLAN)", "true, 1580, UDP port 61820 (WireGuard)"})
    void whatIsToBeDoneIsSaidInTermsOfWhatTheUnderlaySees(boolean encrypted, int carried, String carrier) {
        VpcVerdict narrow = VpcVerdict.of(List.of(path(encrypted, N1, N2, new PathOutcome.Narrow(1450, 1354))));
        VpcVerdict silent = VpcVerdict.of(List.of(path(encrypted, N1, N2, new PathOutcome.Silent(false))));

        assertThat(narrow.why()).contains("carries less than " + carried + " bytes there");
        assertThat(narrow.next()).startsWith("have packets of " + carried + " bytes carried between n1");
        assertThat(silent.next()).startsWith("let " + carrier + " through between n1");
    }

    @Test
    void theFabricComesFirstAndTheVpcIsNotConcealed() {
        List<NodeName> members = List.of(N1, N2);
        ClusterRecord cluster = ClusterRecord.begun(ClusterSpec.of("demo", 2), 70, members, 0, "r1");
        Verdict fabric = Verdict.of(members, Pattern.FULL, List.of());
        VpcVerdict vpc = VpcVerdict.of(List.of(path(N1, N2, new PathOutcome.Narrow(1450, 1354))));

        Failure failure =
                Blame.of(cluster, new VerificationResult.Judged(fabric, vpc, 5)).failure();

        assertThat(failure.step()).contains(new Failure.Verification());
        assertThat(failure.why()).contains("1 of 1 pairs failed", "1 of 1 paths in the VPC failed", "1354 bytes");
    }

    @Test
    void whoFailsInOneOfTheTwoNetworksIsToBlame() {
        List<NodeName> members = List.of(N1, N2, N3);
        ClusterRecord cluster = ClusterRecord.begun(ClusterSpec.of("demo", 3), 70, members, 0, "r1");
        List<ProbeResult> results = Schedule.of(members, Pattern.FULL).pairs().stream()
                .map(pair -> pair.has(N1)
                        ? ProbeResult.failed(pair, "no answer")
                        : ProbeResult.passed(pair, ProbeOutcome.Passed.NOTHING))
                .toList();
        VpcVerdict vpc = VpcVerdict.of(List.of(
                path(N1, N2, new PathOutcome.Passed(1450)),
                path(N2, N3, new PathOutcome.Silent(false)),
                path(N3, N1, new PathOutcome.Silent(false))));

        Blame blame =
                Blame.of(cluster, new VerificationResult.Judged(Verdict.of(members, Pattern.FULL, results), vpc, 5));

        assertThat(blame.nodes()).containsExactlyInAnyOrder(N1, N3);
    }

    @Test
    void aMemberThatFailsWhileItIsVerifiedIsToBlame() {
        ClusterRecord cluster = ClusterRecord.begun(ClusterSpec.of("demo", 2), 70, List.of(N1, N2), 0, "r1");
        Assignment serve = new Assignment.Serve(1, cluster.name(), 1, 70);
        Node failed = Worlds.saying(
                Worlds.node(2, serve, true), new NodeStatus.StepFailed("add link:eni0", "no room", List.of()));
        World world = Worlds.of(Worlds.node(1, serve, true), failed);

        Blame blame = Blame.serving(
                        new Situation(world, Map.of(), Timing.usual(), Instant.ofEpochMilli(1_000)), cluster)
                .orElseThrow();

        assertThat(blame.nodes()).containsExactly(N2);
        assertThat(blame.failure().why()).isEqualTo("no room");
    }
}
