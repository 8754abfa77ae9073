package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.NodeStatus;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What an agent writes down before it changes its machine, and what it says of a change that has failed. */
final class LedgerPromises {
    private final Map<Hardware, Set<String>> written = new HashMap<>();
    /** What a machine bore when its agent began to carry out its latest plan. */
    private final Map<Hardware, Map<String, NetObject>> before = new HashMap<>();
    /** Whose agents have written down a plan and not begun with it. */
    private final Set<Hardware> planned = new HashSet<>();

    void written(Hardware hardware) {
        written.put(
                hardware,
                Set.copyOf(NodePromises.page(hardware).objects().objects().keySet()));
        planned.add(hardware);
    }

    void passBegins(Hardware hardware) {
        before.remove(hardware);
    }

    void applying(Hardware hardware) {
        if (planned.remove(hardware) || !before.containsKey(hardware)) {
            before.put(hardware, hardware.objects());
        }
    }

    void changed(Hardware hardware, Step step) {
        String key = marked(step.object());
        // The machine notes by itself what is a device's.
        boolean noted = step.object() instanceof NetObject.DefaultTos;
        require(
                noted || written.getOrDefault(hardware, Set.of()).contains(key),
                "the ledger is written before the change",
                () -> hardware + ": " + step.title() + ", and its ledger does not name " + key);
        // What was not there before is only taken back, as when a repair fails half-way.
        boolean wasThere = before.getOrDefault(hardware, Map.of())
                .containsKey(step.object().key());
        if (wasThere && step instanceof Step.Remove && step.object() instanceof NetObject.Link link) {
            require(
                    hardware.ahead
                            || !hardware.job
                                    .map(job -> job.value().equals(link.owner()))
                                    .orElse(false),
                    "jobs end before their network goes",
                    () -> hardware + ": " + step.title() + ", and a job of " + link.owner() + " runs");
        }
    }

    /** What bears our mark: the object itself, or the link that it sits on. */
    private static String marked(NetObject object) {
        return switch (object) {
            case NetObject.Link link -> link.key();
            case NetObject.NftTable table -> table.key();
            case NetObject.Address address -> "link:" + address.link();
            case NetObject.Neighbour neighbour -> "link:" + neighbour.link();
            case NetObject.PriorityMap map -> "link:" + map.link();
            case NetObject.DefaultTos tos -> tos.key();
            case NetObject.Fdb fdb -> "link:" + fdb.link();
            case NetObject.TunnelEnd end -> "link:" + end.link();
            case NetObject.TunnelPeer peer -> "link:" + peer.link();
        };
    }

    /** On a node that serves nothing, what nobody wants goes for good. */
    private static boolean cleaned(Hardware hardware, Map<String, NetObject> was) {
        return NodePromises.page(hardware).serving().isEmpty()
                && was.entrySet().containsAll(hardware.objects().entrySet());
    }

    void said(Hardware hardware, NodeStatus status) {
        switch (status.state()) {
            case NodeStatus.Reached reached -> {
                // It may arrive after the node has lost what it tells of, or has taken it back: then nobody runs jobs.
                boolean serves =
                        hardware.agent != null && hardware.agent.agent.served().isPresent();
                if (serves && !hardware.rebooted) {
                    hardware.job = java.util.Optional.of(reached.cluster());
                }
            }
            case NodeStatus.Clean _ -> {}
            case NodeStatus.StepFailed failed -> {
                Map<String, NetObject> was = before.get(hardware);
                boolean undone = failed.left().isEmpty()
                        && (failed.step().startsWith("add ") || failed.step().startsWith("remove "))
                        && !failed.why().startsWith("the step was carried out");
                if (was != null && undone) {
                    require(
                            was.equals(hardware.objects()) || cleaned(hardware, was),
                            "a failed plan is undone, or what is left is named",
                            () -> hardware + " says " + failed + ", but bore " + was.keySet() + " and bears "
                                    + hardware.objects().keySet());
                }
            }
        }
    }
}
