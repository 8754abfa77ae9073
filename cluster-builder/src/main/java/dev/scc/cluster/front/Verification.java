package dev.scc.cluster.front;

import dev.scc.cluster.Roster;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.verify.BackgroundVerifier;
import dev.scc.cluster.verify.Busy;
import dev.scc.cluster.verify.ClusterLoad;
import dev.scc.cluster.verify.ClusterVerifier;
import dev.scc.cluster.verify.KeptVerification;
import dev.scc.cluster.verify.KeptVerifications;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.view.VerifyView;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A verification that somebody asks for: probes, then a load if that is wanted. */
record Verification(Connections connections, KeptVerifications kept, InstantSource clock, Roster roster) {

    /** Carries it out and tells of each result when it comes in. What it measured is kept. */
    VerifySaid.End run(ServerRpc.Verify ask, Answers<VerifySaid> answers) throws InterruptedException {
        Duration patience = BackgroundVerifier.patience(roster.members().size(), ask.pattern());
        String session = UUID.randomUUID().toString();
        try {
            VerificationResult result = ClusterVerifier.verify(
                    connections,
                    roster,
                    ask.pattern(),
                    session,
                    patience,
                    probed -> tell(answers, new VerifySaid.Probed(probed)));
            return switch (result) {
                case VerificationResult.Judged judged -> {
                    KeptVerification probed = judged.kept(roster, clock.millis());
                    yield new VerifySaid.Judged(keep(loaded(probed, ask.load(), session, answers), ask.keep()));
                }
                case VerificationResult.CannotVerify(Optional<NodeName> node, String why) ->
                    new VerifySaid.CannotVerify(node, why);
            };
        } catch (Busy e) {
            return new VerifySaid.CannotVerify(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** Nodes with which no pair passed have shown that they cannot send. */
    private KeptVerification loaded(KeptVerification probed, Load load, String session, Answers<VerifySaid> answers)
            throws Busy, InterruptedException {
        Set<NodeName> able = probed.results().stream()
                .filter(ProbeResult::ok)
                .flatMap(result -> Stream.of(result.a(), result.b()))
                .collect(Collectors.toSet());
        if (load == Load.NONE || able.size() < 2) {
            return probed;
        }
        return probed.under(ClusterLoad.put(
                connections, roster, able, load, session, flowed -> tell(answers, new VerifySaid.Flowed(flowed))));
    }

    private static void tell(Answers<VerifySaid> answers, VerifySaid said) {
        try {
            answers.send(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Compares with what was kept before this one is. */
    private VerifyView keep(KeptVerification now, Optional<ServerRpc.Keeping> keeping) {
        Optional<KeptVerification> baseline = kept.baseline(now.cluster());
        Optional<KeptVerification> before = baseline.or(() -> kept.latest(now.cluster()));
        kept.keep(now, keeping.isPresent());
        return before.map(earlier -> VerifyView.of(now, earlier, baseline.isPresent()))
                .orElseGet(() -> VerifyView.of(now));
    }
}
