package dev.scc.simulation;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.ServedCluster;
import dev.scc.cluster.verify.BackgroundVerifier;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.Verifier;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Schedule;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifications of one controller process. Schedule and verdict are the real ones; whether a pair passes is read from the
 * machines, if both agents answer and serve the revision.
 */
final class SimVerifier implements Verifier {
    private final SimProcess controller;
    private final Simulation sim;
    private final Map<String, Running> running = new TreeMap<>();

    private static final class Running {
        final long epoch;

        @Nullable
        VerificationResult result;

        Running(long epoch) {
            this.epoch = epoch;
        }
    }

    SimVerifier(SimProcess controller) {
        this.controller = controller;
        this.sim = controller.sim;
    }

    @Override
    public Optional<VerificationResult> result(String session, Roster roster, Pattern pattern) {
        Running known = running.get(session);
        if (known != null) {
            return Optional.ofNullable(known.result);
        }
        Running begun = new Running(sim.promises.epoch());
        running.put(session, begun);
        sim.trace.mark(controller.name, "verifies", session);
        controller.later(
                sim.chance.between(20 * Timeline.MILLI, 2 * Timeline.SECOND),
                () -> judge(session, begun, roster, pattern));
        return Optional.empty();
    }

    @Override
    public void retain(Collection<String> sessions) {
        running.keySet().retainAll(sessions);
    }

    private void judge(String session, Running begun, Roster roster, Pattern pattern) {
        boolean silent = false;
        Map<NodeName, String> failed = new TreeMap<>();
        for (Member member : roster.members()) {
            Hardware hardware = sim.at(member.agent());
            AgentProcess agent = hardware.agent;
            if (agent == null || !agent.alive()) {
                failed.put(member.node(), "node " + member.node() + " cannot be reached");
            } else if (agent.stopped() || sim.faults.answerLost()) {
                silent = true;
                failed.put(member.node(), "node " + member.node() + " does not answer");
            } else if (agent.agent
                    .served()
                    .map(ServedCluster::roster)
                    .filter(served ->
                            served.cluster().equals(roster.cluster()) && served.revision() == roster.revision())
                    .isEmpty()) {
                failed.put(member.node(), "node " + member.node() + " does not serve revision " + roster.revision());
            } else if (sim.faults.cannotVerify(hardware)) {
                finish(
                        session,
                        begun,
                        roster,
                        new VerificationResult.CannotVerify(Optional.of(member.node()), "libdisni cannot be loaded"),
                        0);
                return;
            }
        }
        VerificationResult result =
                new VerificationResult.Judged(verdict(roster, pattern, failed), SimPaths.of(sim, roster, failed), 1);
        // A member that does not answer is waited for.
        long wait = silent
                ? BackgroundVerifier.patience(roster.members().size(), pattern).toNanos()
                : 0;
        finish(session, begun, roster, result, wait);
    }

    private Verdict verdict(Roster roster, Pattern pattern, Map<NodeName, String> failed) {
        List<NodeName> names = roster.members().stream().map(Member::node).toList();
        List<ProbeResult> results = new ArrayList<>();
        for (Pair pair : Schedule.of(names, pattern).pairs()) {
            Optional<String> why = Optional.ofNullable(failed.get(pair.active()))
                    .or(() -> Optional.ofNullable(failed.get(pair.passive())))
                    .or(() -> obstacle(roster, pair.active()))
                    .or(() -> obstacle(roster, pair.passive()))
                    .or(() -> sim.faults.badLink());
            results.add(why.map(text -> ProbeResult.failed(pair, text))
                    .orElseGet(() -> ProbeResult.passed(pair, new ProbeOutcome.Passed(2.5, 4.0, 1000, 900, 300))));
            if (sim.faults.repeated()) {
                results.add(results.getLast());
            }
        }
        return Verdict.of(names, pattern, results);
    }

    private Optional<String> obstacle(Roster roster, NodeName node) {
        Member member = roster.member(node);
        Hardware hardware = sim.at(member.agent());
        if (hardware.unplugged) {
            return Optional.of(node + " does not answer over RDMA");
        }
        return hardware.onSegment(roster.segment().vlan().value(), member.rdmaAddress())
                ? Optional.empty()
                : Optional.of(member.rdmaAddress() + " is not on the segment");
    }

    private void finish(String session, Running begun, Roster roster, VerificationResult result, long wait) {
        controller.later(wait, () -> {
            if (running.get(session) == begun) {
                begun.result = result;
                boolean passed = result instanceof VerificationResult.Judged judged && judged.ok();
                sim.trace.mark(controller.name, passed ? "verified" : "verification failed", session);
                sim.tally.fault(passed ? "(verification passed)" : "(verification failed)");
                if (result instanceof VerificationResult.Judged judged) {
                    sim.promises.verified(controller, roster, judged, begun.epoch);
                }
                controller.signal();
                if (sim.faults.repeated()) {
                    controller.later(sim.latency(), controller::signal);
                }
            }
        });
    }
}
