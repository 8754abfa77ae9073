package dev.scc.cluster.front;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks nodes' agents, all at the same time. For one question. Not thread-safe. */
final class AskedAgents<A> {
    private final World world;
    private final Connections connections;
    private final Map<NodeName, A> answers = new TreeMap<>();
    private final Map<NodeName, String> silent = new TreeMap<>();

    /** @param world where the agents are said to be */
    AskedAgents(World world, Connections connections) {
        this.world = world;
        this.connections = connections;
    }

    /** What one agent is asked. */
    @FunctionalInterface
    interface Question<A> {
        A to(RpcChannel agent, NodeName node) throws RpcFailed, InterruptedException;
    }

    /** Returns when each has answered or failed. */
    AskedAgents<A> ask(Collection<NodeName> nodes, Question<A> question) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            nodes.forEach(node -> threads.execute(() -> ask(node, question)));
        }
        return this;
    }

    /** What was answered, by nodes. */
    Map<NodeName, A> answers() {
        return answers;
    }

    /** Why the others did not answer. */
    Map<NodeName, String> silent() {
        return silent;
    }

    private void ask(NodeName name, Question<A> question) {
        Optional<Node> node = Optional.ofNullable(world.nodes().get(name));
        Optional<String> address =
                node.flatMap(known -> known.record().value().machine().agent());
        if (node.filter(Node::alive).isEmpty()) {
            skip(name, "its agent is gone");
        } else if (address.isEmpty()) {
            skip(name, "it has not said where its agent is");
        } else {
            try (RpcChannel agent = connections.to(Peer.agent(name, address.get()))) {
                A answer = question.to(agent, name);
                synchronized (this) {
                    answers.put(name, answer);
                }
            } catch (RpcFailed e) {
                skip(name, String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                skip(name, "interrupted");
            }
        }
    }

    private synchronized void skip(NodeName node, String why) {
        silent.put(node, why);
    }
}
