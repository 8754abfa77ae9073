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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Has all members of a cluster probe each other at the same time, and draws the verdict. */
public final class ClusterVerifier {
    /** Of the RDMA connection manager, on the segment's addresses. */
    private static final int PROBE_PORT = 18515;

    private ClusterVerifier() {}

    /**
     * Verifies; returns when the last member has finished, failed or run past the deadline, or else as soon as one says that
     * it is busy.
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
        long start = System.nanoTime();
        Collected collected = new Collected(roster, pattern, progress);
        List<Thread> threads = new ArrayList<>();
        try {
            for (Member member : roster.members()) {
                threads.add(Thread.ofVirtual()
                        .name("verify " + roster.cluster() + " " + member.node())
                        .start(() -> ask(connections, roster, pattern, session, member, within, collected)));
            }
            Optional<RpcFailed> busy = collected.await();
            if (busy.isPresent()) {
                // It may be busy for longer than all the others take, and they are needed when it is free.
                threads.forEach(Thread::interrupt);
                for (Thread thread : threads) {
                    thread.join();
                }
                throw new Busy(String.valueOf(busy.get().getMessage()));
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
        return collected.judge(roster, pattern, (System.nanoTime() - start) / 1_000_000);
    }

    private static void ask(
            Connections connections,
            Roster roster,
            Pattern pattern,
            String session,
            Member member,
            Duration within,
            Collected collected) {
        try {
            stream(connections, roster, pattern, session, member, within, collected);
        } finally {
            collected.ended();
        }
    }

    private static void stream(
            Connections connections,
            Roster roster,
            Pattern pattern,
            String session,
            Member member,
            Duration within,
            Collected collected) {
        if (member.rdmaDevice().isEmpty()) {
            collected.failed(member, new RpcFailed(RpcFailed.Kind.FAILED, "there is no RDMA device"));
            return;
        }
        if (member.agent().isEmpty()) {
            collected.failed(member, new RpcFailed(RpcFailed.Kind.UNREACHABLE, "nobody knows where its agent is"));
            return;
        }
        ProbePlan plan = new ProbePlan(
                session,
                member.node(),
                member.rdmaDevice(),
                roster.segment().vlan(),
                roster.members().stream()
                        .map(other -> new ProbeMember(other.node(), other.rdmaAddress()))
                        .toList(),
                pattern,
                PROBE_PORT);
        try (RpcChannel agent = connections.to(Peer.agent(member.node(), member.agent()))) {
            AgentRpc.Verify request = new AgentRpc.Verify(roster.cluster(), roster.revision(), plan);
            agent.stream(AgentRpc.VERIFY, request, within, result -> collected.add(member.node(), result));
        } catch (RpcFailed e) {
            collected.failed(member, e);
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
        private final Map<NodeName, RpcFailed> failures = new LinkedHashMap<>();
        private int asked;

        Collected(Roster roster, Pattern pattern, Consumer<ProbeResult> progress) {
            this.progress = progress;
            this.asked = roster.members().size();
            this.wanted = Set.copyOf(Schedule.of(names(roster), pattern).pairs());
        }

        synchronized void ended() {
            asked--;
            notifyAll();
        }

        /** Until no member has anything more to say. Returns the failure of one that is busy as soon as there is one. */
        synchronized Optional<RpcFailed> await() throws InterruptedException {
            while (asked > 0 && busy().isEmpty()) {
                wait();
            }
            return busy();
        }

        private Optional<RpcFailed> busy() {
            return failures.values().stream()
                    .filter(failure -> failure.kind() == RpcFailed.Kind.BUSY)
                    .findFirst();
        }

        /** A member tells of the pairs in which it is the active side. What it says of others' is not asked for. */
        void add(NodeName member, ProbeResult result) {
            if (result.a().equals(result.b())) {
                return;
            }
            Pair pair = new Pair(result.a(), result.b());
            if (!pair.active().equals(member) || !wanted.contains(pair)) {
                return;
            }
            synchronized (this) {
                ProbeResult before = results.get(pair);
                // The first report counts, or the first that is bad; all others would only keep people busy.
                if (before != null && (!before.ok() || result.ok())) {
                    return;
                }
                results.put(pair, result);
            }
            progress.accept(result);
        }

        synchronized void failed(Member member, RpcFailed failure) {
            failures.put(member.node(), failure);
        }

        /** A member that tried and could not means that nothing is known; one that did not answer, that its pairs failed. */
        synchronized VerificationResult judge(Roster roster, Pattern pattern, long millis) {
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
            return new VerificationResult.Judged(Verdict.of(members, pattern, all), millis);
        }
    }
}
