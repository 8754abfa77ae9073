package dev.scc.cluster.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.verbs.Limits;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.Schedule;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatienceTest {

    /** Else pairs that were never probed count as failed, and healthy nodes are suspected. */
    @ParameterizedTest
    @EnumSource(Pattern.class)
    void verificationIsNeverEndedBeforeItsLastRound(Pattern pattern) {
        Limits limits = Limits.DEFAULT;
        for (int nodes = 1; nodes <= 128; nodes++) {
            List<NodeName> names = IntStream.range(0, nodes)
                    .mapToObj(i -> new NodeName("n" + i))
                    .toList();
            int rounds = Schedule.of(names, pattern).rounds().size();

            Duration patience = BackgroundVerifier.patience(nodes, pattern);

            // The last to begin does so when the first has waited for the whole time that it is willing to.
            Duration last = limits.start().multipliedBy(2).plus(limits.round().multipliedBy(rounds));
            assertThat(patience).as("%d nodes", nodes).isGreaterThan(last);
        }
    }
}
