package dev.scc.cluster.verify;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Schedule;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has all members of a cluster probe each other at the same time, on the segment and in the VPC, and draws the verdicts. */
public final class ClusterVerifier {
    private static final Logger log = LoggerFactory.getLogger(ClusterVerifier.class);
    /** Of the RDMA connection manager, on the segment's addresses. */
    static final int PROBE_PORT = 18515;

    /** To be told that a node is passed over; a member whose part has not begun yet is told again after a while. */
    private static final Duration TELLING = Duration.ofSeconds(5);

    private static final Duration AGAIN = Duration.ofMillis(250);

    private final Connections connections;
    private final Roster roster;
    private final Pattern pattern;
    private final String session;
    private final AllMembers members;
    private final Collected collected;

    private ClusterVerifier(
            Connections connections, Roster roster, Pattern pattern, String session, Consumer<ProbeResult> progress) {
        this.connections = connections;
        this.roster = roster;
        this.pattern = pattern;
        this.session = session;
        members = new AllMembers(connections, roster);
        collected = new Collected(roster, pattern, progress);
    }

    /**
     * Verifies; returns when the last member has finished, failed or run past the deadline, or else as soon as one says that
     * it cannot or is busy. A node that is found dead on the way is not waited for again.
     *
     * @param session tells this verification from any other
     * @param within the deadline for all of it
     * @param progress told of each result when it comes in, by several threads
     * @throws Busy if a member takes part in another verification; the others have given up when it is thrown
     */
    public static VerificationResult verify(
            Connections connections,
            Roster roster,
            Pattern pattern,
            String session,
            Duration within,
            Consumer<ProbeResult> progress)
            throws Busy, InterruptedException {
        return new ClusterVerifier(connections, roster, pattern, session, progress).verify(within);
    }

    /** The VPC is probed meanwhile: it is another network, and takes a round trip. */
    private VerificationResult verify(Duration within) throws Busy, InterruptedException {
        long start = System.nanoTime();
        FutureTask<VpcVerdict> vpc =
                new FutureTask<>(() -> new VpcRing(roster, new VpcAsker(connections, roster)).probe());
        Thread.ofVirtual().name("probe vpc " + roster.cluster()).start(vpc);
        try {
            Map<NodeName, RpcFailed> failures = probeFabric(within);
            return collected.judge(roster, pattern, failures, vpc.get(), (System.nanoTime() - start) / 1_000_000);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            vpc.cancel(true);
        }
    }

    private Map<NodeName, RpcFailed> probeFabric(Duration within) throws Busy, InterruptedException {
        if (pattern == Pattern.OFF) {
            return Map.of();
        }
        return members.ask(
                roster.members(),
                (agent, member) -> agent.stream(
                        AgentRpc.VERIFY,
                        new AgentRpc.Verify(roster.cluster(), roster.revision(), plan(member)),
                        within,
                        result -> collected.add(member.node(), result).forEach(this::passOver)),
                member -> members.failure(member.node())
                        .filter(failure -> failure.kind() != RpcFailed.Kind.BUSY)
                        .ifPresent(failure -> passOver(
                                member.node(), "not tried: node " + member.node() + ": " + failure.getMessage())));
    }

    private ProbePlan plan(Member member) {
        return new ProbePlan(
                session,
                member.node(),
                member.rdmaDevice(),
                roster.segment().vlan(),
                probeMembers(roster),
                pattern,
                PROBE_PORT);
    }

    /** All members as verification sees them. */
    static List<ProbeMember> probeMembers(Roster roster) {
        return roster.members().stream()
                .map(other -> new ProbeMember(other.node(), other.rdmaAddress()))
                .toList();
    }

    /** Tells all who are still at it, the node itself too. */
    private void passOver(NodeName node, String why) {
        log.atInfo().addKeyValue("node", node).addKeyValue("why", why).log("node is passed over");
        for (Member member : roster.members()) {
            if (members.isAsked(member.node())) {
                Thread.ofVirtual().name("pass over " + node).start(() -> tell(member, node, why));
            }
        }
    }

    private void tell(Member member, NodeName node, String why) {
        long end = System.nanoTime() + TELLING.toNanos();
        try (RpcChannel agent = connections.to(Peer.agent(member.node(), member.agent()))) {
            boolean known = false;
            while (!known && members.isAsked(member.node()) && System.nanoTime() < end) {
                known = agent.call(AgentRpc.PASS_OVER, new AgentRpc.PassOver(session, node, why), TELLING)
                        .known();
                if (!known) {
                    Thread.sleep(AGAIN);
                }
            }
        } catch (RpcFailed e) {
            // Then it waits for as long as it would have.
            log.atDebug()
                    .addKeyValue("node", member.node())
                    .addKeyValue("why", e.getMessage())
                    .log("not told who is passed over");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<NodeName> names(Roster roster) {
        return roster.members().stream().map(Member::node).toList();
    }

    /** What came in, from all members' threads. */
    private static final class Collected {
        private final Consumer<ProbeResult> progress;
        /** Of each pair that is to be probed, what its active side has reported. */
        private final Map<Pair, ProbeResult> results = new HashMap<>();

        private final Set<Pair> wanted;
        private final Doubts doubts = new Doubts();

        Collected(Roster roster, Pattern pattern, Consumer<ProbeResult> progress) {
            this.progress = progress;
            this.wanted = Set.copyOf(Schedule.of(names(roster), pattern).pairs());
        }

        /**
         * A member tells of the pairs in which it is the active side. What it says of others' is not asked for.
         *
         * @return the nodes that need not be waited for from now on, each with the reason
         */
        Map<NodeName, String> add(NodeName member, ProbeResult result) {
            if (result.a().equals(result.b())) {
                return Map.of();
            }
            Pair pair = new Pair(result.a(), result.b());
            if (!pair.active().equals(member) || !wanted.contains(pair)) {
                return Map.of();
            }
            Map<NodeName, String> known;
            synchronized (this) {
                ProbeResult before = results.get(pair);
                // The first report counts, or the first that is bad; all others would only keep people busy.
                if (before != null && (!before.ok() || result.ok())) {
                    return Map.of();
                }
                results.put(pair, result);
                known = doubts.after(result);
            }
            progress.accept(result);
            return known;
        }

        /** A member that tried and could not means that nothing is known; one that did not answer, that its pairs failed. */
        synchronized VerificationResult judge(
                Roster roster, Pattern pattern, Map<NodeName, RpcFailed> failures, VpcVerdict vpc, long millis) {
            for (Map.Entry<NodeName, RpcFailed> failure : failures.entrySet()) {
                if (failure.getValue().kind() == RpcFailed.Kind.FAILED) {
                    return new VerificationResult.CannotVerify(
                            Optional.of(failure.getKey()),
                            String.valueOf(failure.getValue().getMessage()));
                }
            }
            List<NodeName> members = names(roster);
            List<ProbeResult> all = new ArrayList<>(results.values());
            for (Pair pair : Schedule.of(members, pattern).pairs()) {
                RpcFailed failure = failures.get(pair.active());
                if (failure != null && !results.containsKey(pair)) {
                    all.add(ProbeResult.notTried(pair, String.valueOf(failure.getMessage())));
                }
            }
            return new VerificationResult.Judged(Verdict.of(members, pattern, all), vpc, millis);
        }
    }
}
