package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Schedule;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

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
}
