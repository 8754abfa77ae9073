package dev.scc.cli.render;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.verify.KeptVerification;
import dev.scc.cluster.view.VerifyView;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Schedule;
import dev.scc.fabric.verify.Thresholds;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Verifications of nodes {@code n1}, {@code n2} and so on, with planted faults. */
public final class SampleFabric {
    private SampleFabric() {}

    /** @param why that the failed pairs give */
    public static VerifyView view(int nodes, Predicate<Pair> failed, Predicate<Pair> slow, String why) {
        KeptVerification healthy = one(nodes, _ -> false, _ -> false, why);
        return VerifyView.of(one(nodes, failed, slow, why), healthy, true);
    }

    private static KeptVerification one(int nodes, Predicate<Pair> failed, Predicate<Pair> slow, String why) {
        Random random = new Random(1);
        List<NodeName> names = IntStream.rangeClosed(1, nodes)
                .mapToObj(number -> new NodeName("n" + number))
                .toList();
        List<ProbeResult> results = Schedule.of(names, Pattern.FULL).pairs().stream()
                .map(pair -> failed.test(pair)
                        ? ProbeResult.failed(pair, why)
                        : ProbeResult.passed(pair, passed(slow.test(pair) ? 3 : 1, random)))
                .toList();
        return new KeptVerification(
                new ClusterName("demo"),
                1,
                1_777_890_031_000L,
                Pattern.FULL,
                results,
                Thresholds.HARDWARE,
                2300,
                Optional.empty(),
                Optional.empty());
    }

    private static ProbeOutcome.Passed passed(double times, Random random) {
        double latency = (2.4 + 0.2 * random.nextDouble()) * times;
        return new ProbeOutcome.Passed(latency, latency * 2, 11_000 / times, 10_000 / times, 300);
    }
}
