package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Plug;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.HandedLink;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.Machine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import dev.scc.vpc.VpcPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EniHandoverTest {
    private static final VpcNetwork LAB = VpcNetwork.of("lab", new Vni(5_000), Cidr.parse("172.20.0.0/24"));
    private static final Optional<EniPlace> BLUE = Optional.of(NamespaceFile.parse("blue"));
    private static final Optional<EniPlace> PROCESS = Optional.of(NamespaceFile.ofProcess(4_711));
    private static final Optional<EniPlace> GONE = Optional.of(NamespaceFile.parse("gone"));

    private final Handing machine = new Handing();
    private final EniHandover handover = new EniHandover(machine);

    /** A machine whose namespace "gone" is not there, with our ends of cables once it is told so. */
    private static final class Handing implements Machine {
        private final Map<String, NetObject> objects = new TreeMap<>();
        private final List<String> handed = new ArrayList<>();
        private final Set<String> failing = Set.of("eni9");

        void ends(LinkKind kind) {
            for (int slot = 1; slot < 10; slot++) {
                NetObject.Link link = new NetObject.Link("eni" + slot, "vpc.lab", kind, 1_450, Optional.empty());
                objects.put(link.key(), link);
            }
        }

        @Override
        public NetState observe() {
            return new NetState(objects);
        }

        @Override
        public void apply(List<Step> steps) {
            throw new UnsupportedOperationException("nothing else is changed");
        }

        @Override
        public Optional<String> objection(String namespace) {
            return namespace.endsWith("gone") ? Optional.of("no such file") : Optional.empty();
        }

        @Override
        public Optional<String> handOver(HandedLink link, boolean again) throws CommandFailed {
            if (failing.contains(link.end())) {
                throw new CommandFailed("no room");
            }
            handed.add(link.name() + " of " + link.end() + " "
                    + link.addresses().stream()
                            .map(placed -> placed.address() + "/" + placed.prefix())
                            .collect(Collectors.joining(" "))
                    + " mtu "
                    + link.mtu() + " in " + link.namespace() + (again ? " anew" : ""));
            return objection(link.namespace());
        }
    }

    private static Plug plug(int slot, Plug.Phase phase, Optional<EniPlace> place) {
        return new Plug(
                EniId.of("r" + slot),
                LAB,
                Ipv4.parse("172.20.0." + (10 + slot)),
                slot,
                phase,
                Optional.empty(),
                Optional.empty(),
                place);
    }

    @Test
    void onlyThoseWhoseNamespaceIsNotThereAreHomeless() throws CommandFailed {
        assertThat(handover.homeless(List.of(
                        plug(1, Plug.Phase.ATTACHED, Optional.empty()),
                        plug(2, Plug.Phase.ATTACHED, BLUE),
                        plug(3, Plug.Phase.ATTACHED, GONE))))
                .containsExactly(Map.entry(3, "no such file"));
    }

    @Test
    void anEniIsHandedOverWithWhatItIsKnownBy() throws CommandFailed {
        machine.ends(new LinkKind.Veth(VpcPlan.overlay(LAB)));

        assertThat(handover.hand(
                        List.of(plug(1, Plug.Phase.ATTACHED, Optional.empty()), plug(2, Plug.Phase.ATTACHING, BLUE))))
                .isEmpty();

        assertThat(machine.handed).containsExactly("eni2 of eni2 172.20.0.12/24 mtu 1450 in /run/netns/blue anew");
    }

    /** The number of a process that has ended may be a stranger's. */
    @Test
    void whatWasInTheNamespaceOfAProcessIsNotMadeThereAgain() throws CommandFailed {
        machine.ends(new LinkKind.Veth(VpcPlan.overlay(LAB)));

        handover.hand(List.of(
                plug(1, Plug.Phase.ATTACHED, PROCESS),
                plug(2, Plug.Phase.ATTACHING, PROCESS),
                plug(3, Plug.Phase.ARRIVING, PROCESS),
                plug(4, Plug.Phase.ATTACHED, BLUE)));

        assertThat(machine.handed)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("eni1 ").doesNotEndWith("anew"),
                        second -> assertThat(second).startsWith("eni2 ").endsWith("anew"),
                        third -> assertThat(third).startsWith("eni3 ").endsWith("anew"),
                        fourth -> assertThat(fourth).startsWith("eni4 ").endsWith("anew"));
    }

    @Test
    void oneThatCannotBeHandedOverKeepsNoOtherFromIt() throws CommandFailed {
        machine.ends(new LinkKind.Veth(VpcPlan.overlay(LAB)));

        assertThat(handover.hand(List.of(
                        plug(9, Plug.Phase.ATTACHING, BLUE),
                        plug(3, Plug.Phase.ATTACHING, GONE),
                        plug(4, Plug.Phase.ATTACHING, BLUE))))
                .containsExactly(Map.entry(3, "no such file"), Map.entry(9, "no room"));
        assertThat(machine.handed).hasSize(2).last().asString().startsWith("eni4 ");
    }

    @Test
    void nothingIsHandedOverOfAVpcThatIsNotBuilt() throws CommandFailed {
        assertThat(handover.hand(List.of(plug(2, Plug.Phase.ATTACHING, BLUE)))).isEmpty();
        machine.ends(new LinkKind.Vlan("eth0", 70));
        assertThat(handover.hand(List.of(plug(2, Plug.Phase.ATTACHING, BLUE)))).isEmpty();

        assertThat(machine.handed).isEmpty();
    }
}
