package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.MemoryText;
import dev.scc.host.NodeName;
import dev.scc.host.net.TunnelKeys;
import dev.scc.vpc.EniId;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EniEntryTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final Alive MACHINE = Alive.at("instance", Ipv4.parse("10.99.0.1"));
    private static final String HOLDING = Paths.vpc(new VpcName("lab")) + "/eni-0a1b2c3d";
    private static final EniConvergence.Reached REACHED = new EniConvergence.Reached(Optional.empty(), List.of());
    private static final EniConvergence.Reached FAILED =
            new EniConvergence.Reached(Optional.of(new PlugStatus.Fault("step", "why")), List.of());
    private static final VpcNetwork LAB =
            new VpcNetwork("lab", new Vni(5000), Cidr.parse("172.20.0.0/24"), Optional.empty());
    private static final Plug PLUG = plug(LAB);

    private final MemoryTree tree = new MemoryTree();
    private final Enrolment enrolment =
            new Enrolment(tree, new Identity(N1, MACHINE.instance(), MACHINE.underlay(), "", "eth1", "test"));
    private int signals;
    private final EniEntry enis = new EniEntry(tree, N1, enrolment, Optional.empty(), () -> signals++);

    private static Plug plug(VpcNetwork vpc) {
        return new Plug(
                new EniId("eni-0a1b2c3d"),
                vpc,
                Ipv4.parse("172.20.0.9"),
                1,
                Plug.Phase.ATTACHED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @BeforeEach
    void enrol() throws Exception {
        tree.put(Paths.node(N1), Json.write(NodeRecord.enrolled(N1, MACHINE)));
        tree.put(Paths.plugs(N1), Json.write(new NodePlugs(List.of(PLUG))));
        assertThat(enrolment.ensure()).isTrue();
    }

    private Optional<Entry> plugs() {
        return tree.get(Paths.plugs(N1));
    }

    private Optional<PlugStatus> said() {
        return tree.get(Paths.plugged(N1)).map(entry -> entry.read(PlugStatus.class));
    }

    @Test
    void whatBecameOfItsEnisIsSaidOnce() throws Exception {
        enis.say(0, REACHED);
        enis.say(0, REACHED);
        assertThat(said()).contains(new PlugStatus(0, Optional.empty()));
        assertThat(tree.get(Paths.plugged(N1)).orElseThrow().version()).isZero();

        enis.say(0, FAILED);
        assertThat(said()).contains(new PlugStatus(0, FAILED.failed()));
    }

    @Test
    void ofANodeThatNeverHadAnyNothingIsSaid() throws Exception {
        tree.remove(Paths.plugs(N1));

        EniEntry.Wanted wanted = enis.wanted(plugs(), Optional.empty()).orElseThrow();
        enis.say(wanted.version(), REACHED);

        assertThat(wanted).isEqualTo(new EniEntry.Wanted(-1, Plugged.NONE));
        assertThat(said()).isEmpty();
    }

    /** Another machine may be the node by now, or something else be wanted. */
    @Test
    void whatWasTrueBeforeIsNotSaid() throws Exception {
        tree.put(Paths.node(N1), Json.write(NodeRecord.enrolled(N1, MACHINE)));
        enis.say(0, REACHED);
        assertThat(said()).isEmpty();

        assertThat(enrolment.ensure()).isTrue();
        tree.put(Paths.plugs(N1), Json.write(NodePlugs.NONE));
        enis.say(0, REACHED);
        assertThat(said()).isEmpty();
        enis.say(1, REACHED);
        assertThat(said()).isPresent();
    }

    @Test
    void whatNobodyUnderstandsIsNotWantedAndIsReplacedByWhatIsSaid() throws Exception {
        assertThat(enis.wanted(Optional.of(new Entry("nonsense", 0, 0)), Optional.empty()))
                .isEmpty();
        tree.put(Paths.plugged(N1), "nonsense");

        enis.say(0, REACHED);

        assertThat(said()).isPresent();
    }

    @Test
    void whoIsWhereInItsVpcIsFollowedAndNotReadAgain() throws Exception {
        Holding holding = new Holding(
                "ENI eni-0a1b2c3d", List.of(new VpcMember(N1, MACHINE.underlay(), PLUG.address())), List.of());
        Optional<Entry> entry = plugs();
        assertThat(enis.wanted(entry, Optional.empty()).orElseThrow().plugged().plugs())
                .containsExactly(PLUG);

        tree.put(HOLDING, Json.write(holding));
        assertThat(signals).isEqualTo(1);
        enis.wanted(entry, Optional.empty());
        tree.taken();
        assertThat(enis.wanted(entry, Optional.empty())
                        .orElseThrow()
                        .plugged()
                        .directory()
                        .get("lab"))
                .containsEntry("eni-0a1b2c3d", holding);
        assertThat(tree.taken()).isEmpty();
    }

    /** A key that nobody needs would be one more that can be lost. */
    @Test
    void onlyANodeInAnEncryptedVpcHasAKeyForTunnelsAndTellsIt() throws Exception {
        TunnelKeys keys = new TunnelKeys(new MemoryText("keys"), () -> Instant.EPOCH, new SplittableRandom(1));
        EniEntry able = new EniEntry(tree, N1, enrolment, Optional.of(keys), () -> signals++);

        assertThat(able.wanted(plugs(), Optional.empty())
                        .orElseThrow()
                        .plugged()
                        .tunnels())
                .isEmpty();
        assertThat(keys.made()).isFalse();
        assertThat(tree.get(Paths.tunnel(N1))).isEmpty();

        VpcNetwork encrypted = new VpcNetwork(LAB.name(), LAB.vni(), LAB.cidr(), LAB.mtu(), LAB.cidr6(), true);
        tree.put(Paths.plugs(N1), Json.write(new NodePlugs(List.of(plug(encrypted)))));
        assertThat(able.wanted(plugs(), Optional.empty())
                        .orElseThrow()
                        .plugged()
                        .tunnels())
                .containsEntry(N1, keys.current());
        assertThat(tree.get(Paths.tunnel(N1))).isPresent();
    }
}
