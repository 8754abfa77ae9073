package dev.scc.cluster.front;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.agent.LeftoverRpc;
import dev.scc.cluster.leftover.Leftover;
import dev.scc.cluster.leftover.Leftovers;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.view.LeftoverReport;
import dev.scc.cluster.view.LeftoverReport.Item;
import dev.scc.cluster.view.LeftoverReport.Unasked;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Looks for what is left in the tree and on all nodes. */
final class LeftoverSearch {
    private final Tree tree;
    private final Connections connections;
    private final boolean remove;
    private final List<Item> inTree = new ArrayList<>();
    private final List<Item> onNodes = new ArrayList<>();
    private final List<Unasked> unasked = new ArrayList<>();

    /** How a request is made. */
    @FunctionalInterface
    interface Asking {
        Outcome ask(Request request) throws ConnectionLost, InterruptedException;
    }

    LeftoverSearch(Tree tree, Connections connections, boolean remove) {
        this.connections = connections;
        this.tree = tree;
        this.remove = remove;
    }

    /** @param each how long each node may take to answer */
    LeftoverReport run(Asking controller, Duration each) throws ConnectionLost, InterruptedException {
        inTree(controller);
        onNodes(each);
        unasked.sort(Comparator.comparing(Unasked::node));
        onNodes.sort(Comparator.comparing(Item::place));
        List<Item> items = new ArrayList<>(inTree);
        items.addAll(onNodes);
        return new LeftoverReport(items, unasked);
    }

    private void inTree(Asking controller) throws ConnectionLost, InterruptedException {
        List<Leftover> found = Leftovers.look(tree);
        List<Leftover> left = found;
        String problem = "";
        // One request removes as much as one transaction holds.
        while (remove && !left.isEmpty() && problem.isEmpty()) {
            int before = left.size();
            problem = switch (controller.ask(new Request.Collect())) {
                case Outcome.Done _ -> "";
                case Outcome.Refused refused -> refused.why();
                case Outcome.Failed failed -> failed.failure().why();
                case Outcome.InProgress _ -> throw new IllegalStateException("gc was answered before it had ended");
            };
            Set<String> still =
                    Leftovers.look(tree).stream().map(Leftover::what).collect(Collectors.toSet());
            left = left.stream().filter(item -> still.contains(item.what())).toList();
            if (left.size() == before && problem.isEmpty()) {
                problem = "the controller does not take it for a leftover; look again";
            }
        }
        Set<String> stays = left.stream().map(Leftover::what).collect(Collectors.toSet());
        for (Leftover one : found) {
            String why = stays.contains(one.what()) ? problem : "";
            inTree.add(new Item("tree", one.what(), one.why(), why));
        }
    }

    private void onNodes(Duration each) throws ConnectionLost, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Node node : World.read(tree).nodes().values()) {
                threads.execute(() -> ask(node, each));
            }
        }
    }

    private void ask(Node node, Duration each) {
        if (!node.alive()) {
            skip(node, "its agent is gone");
            return;
        }
        Optional<String> address = node.record().value().machine().agent();
        if (address.isEmpty()) {
            skip(node, "it has not said where its agent is");
        } else {
            try (RpcChannel agent = connections.to(Peer.agent(node.name(), address.get()))) {
                LeftoverRpc.Looked looked =
                        agent.call(LeftoverRpc.LOOK, new LeftoverRpc.Look(node.name(), remove), each);
                if (!looked.node().equals(node.name())) {
                    skip(node, "who answers there says that it is node " + looked.node());
                    return;
                }
                synchronized (this) {
                    looked.found()
                            .forEach(found -> onNodes.add(
                                    new Item(looked.node().value(), found.what(), found.why(), found.problem())));
                }
            } catch (RpcFailed e) {
                skip(node, String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                skip(node, "interrupted");
            }
        }
    }

    private synchronized void skip(Node node, String why) {
        unasked.add(new Unasked(node.name(), why));
    }
}
