package dev.scc.cluster.agent;

import dev.scc.cluster.PlugStatus.Fault;
import dev.scc.cluster.PlugStatus.Homeless;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Roster;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.Machine;
import dev.scc.host.net.NetState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Brings the ENIs of a node, and what it knows of others in its VPCs, to what is wanted, beside the networks of its cluster. A
 * step that fails takes back what was done, and leaves the cluster's networks as they are. Not thread-safe.
 */
final class EniConvergence {
    private final NodeName node;
    private final EniHandover handover;
    private final NetworkBuilder builder;
    private final NodeNetwork network;
    private final Ledger<Roster> ledger;
    /** What is there as far as this process knows; empty before it has looked. */
    private Optional<Plugged> applied = Optional.empty();

    private boolean settled;

    EniConvergence(NodeName node, Machine machine, NetworkBuilder builder, NodeNetwork network, Ledger<Roster> ledger) {
        this.node = node;
        this.handover = new EniHandover(machine);
        this.builder = builder;
        this.network = network;
        this.ledger = ledger;
    }

    /**
     * What came of it.
     *
     * @param failed why they are not all as wanted; empty if they are, but for the homeless
     */
    record Reached(Optional<Fault> failed, List<Homeless> homeless) {
        Reached {
            homeless = List.copyOf(homeless);
        }
    }

    /** Whether this process has seen all of them there, so that what is missing was taken away since. */
    boolean settled() {
        return settled && !applied().plugs().isEmpty();
    }

    /** What is there beside the networks of the cluster. */
    Plugged applied() {
        return applied.orElse(Plugged.NONE);
    }

    /**
     * What an earlier process left is what is wanted now, as far as this one can know.
     *
     * @param anew whether the networks of a cluster are about to be built, with the tunnels that there have to be now
     */
    void assume(Plugged wanted, boolean anew) {
        if (applied.isEmpty()) {
            applied = Optional.of(wanted);
        } else if (anew) {
            applied = Optional.of(applied().with(wanted.tunnels()));
        }
    }

    /** Whether something is left of some that went with their network namespaces, which nobody has to mend. */
    boolean bereaved() throws CommandFailed {
        return !handover.homeless(applied().plugs()).isEmpty();
    }

    /** Whether those that are there can stay beside the networks of this cluster. */
    boolean fit(Optional<Roster> roster, NodeInventory has) {
        boolean fit = true;
        try {
            target(roster, has, applied());
        } catch (IllegalArgumentException e) {
            fit = false;
        }
        return fit;
    }

    /** What is to be on the node with these ENIs. @throws IllegalArgumentException if they make no sense for it */
    NetState target(Optional<Roster> roster, NodeInventory has, Plugged plugged) {
        return network.networks().wanted(roster, node, has, plugged);
    }

    /**
     * Brings them to what is wanted.
     *
     * @throws IOException if the ledger cannot be read or written; nothing was changed then
     * @throws CommandFailed if the node cannot be looked at; nothing was changed then
     */
    Reached converge(Plugged wanted, NodeInventory has) throws IOException, CommandFailed {
        SortedMap<Integer, String> homeless = handover.homeless(wanted.plugs());
        Plugged possible = wanted.without(homeless.keySet());
        Optional<Fault> fault = build(possible, has);
        if (fault.isEmpty()) {
            homeless.putAll(handover.hand(possible.plugs()));
        }
        return new Reached(
                fault,
                homeless.entrySet().stream()
                        .map(each -> new Homeless(each.getKey(), each.getValue()))
                        .toList());
    }

    private Optional<Fault> build(Plugged wanted, NodeInventory has) throws IOException, CommandFailed {
        if (applied().equals(wanted) && applied.isPresent()) {
            // What was assumed has been built by now, with the networks of the cluster.
            settled = true;
            return Optional.empty();
        }
        settled = false;
        Ledger.Page<Roster> page = ledger.read();
        NetworkBuilder.Planned plan;
        try {
            plan = builder.plan(target(page.serving(), has, wanted));
            if (page.serving().isPresent() && plan.fromNothing()) {
                // An older ledger on a machine that has forgotten all: whether the node is in that cluster still is
                // another's matter.
                plan = builder.plan(target(Optional.empty(), has, wanted));
            }
        } catch (IllegalArgumentException e) {
            return Optional.of(new Fault("plan", String.valueOf(e.getMessage())));
        }
        if (!plan.steps().isEmpty()) {
            ledger.write(new Ledger.Page<>(page.epoch(), page.serving(), plan.marked(), page.onTrial()));
        }
        NetworkBuilder.Built built = builder.run(plan, "ENIs");
        if (built.failed().isPresent()) {
            return built.failed().map(failed -> new Fault(failed.step(), failed.why()));
        }
        applied = Optional.of(wanted);
        settled = true;
        return Optional.empty();
    }
}
