package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.Bounds;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Later;
import dev.scc.vpc.EniAddresses;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.GuestTap;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Optional;

/**
 * An ENI in a slot of a node.
 *
 * @param address the primary one
 * @param slot of the node: 1 to {@value #LAST_SLOT}; slot 0 is that of the node's cluster
 * @param owner who asked for it; empty if that was not proven
 * @param request that waits for the end of what is being done with it; empty if nobody waits
 * @param place that its interface is handed over to on the node; empty for the node's own network namespace
 * @param attachment of the container that it is for; empty if it is for none
 * @param more its addresses beside the primary one
 */
public record Plug(
        EniId eni,
        VpcNetwork vpc,
        Ipv4 address,
        int slot,
        Phase phase,
        Optional<Principal> owner,
        Optional<String> request,
        @JsonProperty("namespace") @Later Optional<EniPlace> place,
        @Later Optional<Attachment> attachment,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Later List<Ip> more) {
    public static final int LAST_SLOT = 31;

    public Plug {
        more = List.copyOf(more);
        Bounds.within("slot", slot, 1, LAST_SLOT);
    }

    /** One with a single address that is for no container. */
    public Plug(
            EniId eni,
            VpcNetwork vpc,
            Ipv4 address,
            int slot,
            Phase phase,
            Optional<Principal> owner,
            Optional<String> request,
            Optional<EniPlace> place) {
        this(eni, vpc, address, slot, phase, owner, request, place, Optional.empty(), List.of());
    }

    /** How far it is. */
    public enum Phase {
        ATTACHING,
        ATTACHED,
        DETACHING,
        /** It is to go from here, and to another node once it is gone; to go back where it came from if nobody waits. */
        LEAVING,
        /** Its slot is kept: it is on another node still, from which it comes, or to which it went and may come back from. */
        AWAITED,
        /** It has left the other node, and is to be here. */
        ARRIVING;

        /** Whether its interface has to be on the node. */
        public boolean wanted() {
            return switch (this) {
                case ATTACHING, ATTACHED, ARRIVING -> true;
                case DETACHING, LEAVING, AWAITED -> false;
            };
        }
    }

    /** All of its addresses. */
    public EniAddresses addresses() {
        return new EniAddresses(address, more);
    }

    /** Name of its interface. */
    public String device() {
        return "eni" + slot;
    }

    /** Name of its interface where it is. */
    public String deviceThere() {
        return attachment.map(Attachment::device).orElseGet(this::device);
    }

    /** Whether it is the node's, or may be on it; not if it is on another. */
    public boolean here() {
        return phase != Phase.AWAITED;
    }

    /** The network namespace that it is in; empty for the node's own, and for one of a guest. */
    public Optional<NamespaceFile> namespace() {
        return place.flatMap(
                where -> where instanceof NamespaceFile file ? Optional.of(file) : Optional.<NamespaceFile>empty());
    }

    /** Whether it is a guest's, who opens a tap. */
    public boolean ofGuest() {
        return place.filter(GuestTap.class::isInstance).isPresent();
    }

    /** The same, kept for it on another node. */
    public Plug awaitedIn(int itsSlot, Optional<EniPlace> itsPlace) {
        return new Plug(eni, vpc, address, itsSlot, Phase.AWAITED, owner, Optional.empty(), itsPlace, attachment, more);
    }

    public Plug in(Phase next, Optional<String> waiting) {
        return new Plug(eni, vpc, address, slot, next, owner, waiting, place, attachment, more);
    }
}
