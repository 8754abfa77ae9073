package dev.scc.cluster.verify;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Asks the agents of a cluster's members, all at the same time. Those that nobody can call, or that are too old, cannot probe. If
 * that is so of some of the first few, and the others of these cannot be asked, nobody is probed: nodes are models then, or their pool has
 * not been upgraded yet.
 */
record VpcAsker(Connections connections, Roster roster) implements VpcRing.Asker {
    /** Longer than an agent needs if nothing answers. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static final int FIRST = 3;
    private static final int TRIES = 20;
    private static final Duration AGAIN = Duration.ofMillis(250);

    /** What comes in, from all members' threads. */
    private static final class Heard {
        private final Map<VpcRing.Way, PathOutcome> said = new HashMap<>();
        private final Set<NodeName> unable = new HashSet<>();

        synchronized void unable(NodeName node) {
            unable.add(node);
        }

        /** Some do not know the method, and nobody else has anything to tell. */
        synchronized boolean ofModels() {
            return !unable.isEmpty() && said.values().stream().allMatch(PathOutcome.NotTried.class::isInstance);
        }

        /** A member is heard of what it was asked, and once. */
        synchronized void say(NodeName node, List<NodeName> others, List<AgentRpc.Reached> paths) {
            for (AgentRpc.Reached path : paths) {
                if (others.contains(path.other())) {
                    said.putIfAbsent(new VpcRing.Way(node, path.other()), path.outcome());
                }
            }
        }

        synchronized VpcRing.Answers all() {
            return new VpcRing.Answers(said, unable);
        }
    }

    @Override
    public VpcRing.Answers ask(Map<NodeName, List<NodeName>> others) throws InterruptedException {
        Heard heard = new Heard();
        List<NodeName> nodes = List.copyOf(others.keySet());
        List<NodeName> first = nodes.subList(0, Math.min(FIRST, nodes.size()));
        ask(first, others, heard);
        List<NodeName> rest = nodes.subList(first.size(), nodes.size());
        if (heard.ofModels()) {
            nodes.forEach(heard::unable);
        } else {
            ask(rest, others, heard);
        }
        return heard.all();
    }

    private void ask(List<NodeName> nodes, Map<NodeName, List<NodeName>> others, Heard heard)
            throws InterruptedException {
        List<Callable<Boolean>> calls = new ArrayList<>();
        nodes.forEach(node -> calls.add(() -> {
            ask(roster.member(node), others.getOrDefault(node, List.of()), heard);
            return true;
        }));
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("probe vpc " + roster.cluster()).factory())) {
            threads.invokeAll(calls);
        }
    }

    private void ask(Member member, List<NodeName> others, Heard heard) throws InterruptedException {
        if (member.agent().isEmpty()) {
            heard.unable(member.node());
            return;
        }
        AgentRpc.ProbeVpc request = new AgentRpc.ProbeVpc(roster.cluster(), roster.revision(), member.node(), others);
        try (RpcChannel agent = connections.to(Peer.agent(member.node(), member.agent()))) {
            heard.say(member.node(), others, answer(agent, request).paths());
        } catch (RpcFailed e) {
            if (e.kind() == RpcFailed.Kind.UNKNOWN_METHOD) {
                heard.unable(member.node());
            } else {
                PathOutcome none = new PathOutcome.NotTried(String.valueOf(e.getMessage()));
                heard.say(
                        member.node(),
                        others,
                        others.stream()
                                .map(other -> new AgentRpc.Reached(other, none))
                                .toList());
            }
        }
    }

    /** Another verification of the cluster may be at it; that takes seconds. */
    private static AgentRpc.VpcProbed answer(RpcChannel agent, AgentRpc.ProbeVpc request)
            throws RpcFailed, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return agent.call(AgentRpc.PROBE_VPC, request, LONGEST);
            } catch (RpcFailed e) {
                if (e.kind() != RpcFailed.Kind.BUSY || attempt == TRIES) {
                    throw e;
                }
                Thread.sleep(AGAIN);
            }
        }
    }
}
