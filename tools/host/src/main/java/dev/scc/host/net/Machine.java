package dev.scc.host.net;

import dev.scc.host.command.CommandFailed;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The seam through which an agent changes its node's network: the kernel, or a model of one in memory. */
public interface Machine {

    /**
     * Every object on the node that bears our mark, whoever the owner.
     *
     * @throws CommandFailed if the kernel's tools cannot be asked
     */
    NetState observe() throws CommandFailed;

    /**
     * Carries out the steps in their order, batched. A step whose effect is already there succeeds: what exists is read
     * back and must be equal; what is to be removed may be gone.
     *
     * @throws StepFailed at the first step that the machine refuses
     */
    void apply(List<Step> steps) throws StepFailed;

    /** Why nothing can be handed over into that network namespace; empty if it is there. */
    default Optional<String> objection(String namespace) throws CommandFailed {
        return Optional.of("nodes of this kind have no network namespaces");
    }

    /**
     * Has a link on one of ours be in a network namespace of somebody on this node, with its address there. What is there as it
     * has to be is left alone. It goes with the one that it sits on.
     *
     * @param again whether it is made if it is not there
     * @return why it is not there; empty if it is
     * @throws CommandFailed if the kernel's tools cannot be asked
     */
    default Optional<String> handOver(HandedLink link, boolean again) throws CommandFailed {
        return Optional.of("nodes of this kind have no network namespaces");
    }

    /**
     * What those of the tables of nftables that are there have counted and noted.
     *
     * @throws CommandFailed if the kernel cannot be asked, or no packets pass a machine of this kind
     */
    default Map<String, FilterCounts> counts(Collection<String> tables) throws CommandFailed {
        throw new CommandFailed("no packets pass a node of this kind, so nothing is counted");
    }

    /** The keys of this machine's tunnels to others; empty if it can have none. */
    default Optional<TunnelKeys> tunnelKeys() {
        return Optional.empty();
    }

    /**
     * Tells when something may have changed here, until it is closed. A machine that only its steps change tells nothing.
     *
     * @throws CommandFailed if it cannot be listened to
     */
    default AutoCloseable watch(NetworkEvents.Listener listener) throws CommandFailed {
        return () -> {};
    }
}
