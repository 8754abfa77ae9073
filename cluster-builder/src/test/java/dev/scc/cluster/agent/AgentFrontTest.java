package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.FreePorts;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.tree.Tree;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.Prober;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.ListeningChannels;
import dev.scc.host.NodeName;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetState;
import dev.scc.vpc.PathProber;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AgentFrontTest {
    private static final Identity IDENTITY =
            new Identity(new NodeName("n1"), "instance", Ipv4.parse("127.0.0.1"), "", "", "test");
    private static final Roster ROSTER = new Roster(
            new ClusterName("demo"),
            1,
            1,
            VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
            Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
            List.of(new Member(
                    new NodeName("n1"),
                    Ipv4.parse("127.0.0.1"),
                    "a:7070",
                    Ipv4.parse("172.16.0.1"),
                    Ipv4.parse("10.70.0.1"),
                    "rxe0",
                    "eth1")));
    private static final Prober PROBER = (plan, passedOver, results) -> {
        throw new CannotVerify("not asked for here");
    };
    private static final AgentProcess.Extension QUIET = new AgentProcess.Extension() {
        @Override
        public List<ServerServiceDefinition> services() {
            return List.of();
        }

        @Override
        public List<LeaveHook> leaveHooks() {
            return List.of();
        }

        @Override
        public LeftoverService.Source leftovers() {
            return remove -> List.of();
        }
    };

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static AgentFront open(int port, AgentProcess.ExtensionMaker maker) throws IOException {
        return AgentFront.open(
                ListeningChannels.ofThisProcess(),
                loopback(port),
                Connections.plain(),
                IDENTITY,
                PROBER,
                PathProber.ofModel(),
                List.of(maker));
    }

    @Test
    void whatExtensionsEndAndServeBelongsToTheAgentAndTheyAreToldOfItsTreeAndWhatItServes() throws Exception {
        List<String> told = new ArrayList<>();
        AtomicReference<Supplier<Optional<ServedCluster>>> asks = new AtomicReference<>(Optional::empty);
        AtomicReference<InetSocketAddress> at = new AtomicReference<>(loopback(0));
        LeaveHook hook = cluster -> told.add("leaves " + cluster);
        AgentProcess.Extension extension = new AgentProcess.Extension() {
            @Override
            public List<ServerServiceDefinition> services() {
                return List.of();
            }

            @Override
            public List<LeaveHook> leaveHooks() {
                return List.of(hook);
            }

            @Override
            public void joined(Tree tree) {
                told.add("joined");
            }

            @Override
            public void onNews(Runnable news) {
                told.add("news");
                news.run();
            }
        };
        try (AgentFront front = open(0, (served, address) -> {
            asks.set(served);
            at.set(address);
            return extension;
        })) {
            assertThat(front.leaveHooks()).containsExactly(hook);
            assertThat(at.get()).isEqualTo(loopback(front.port()));
            assertThat(asks.get().get()).isEmpty();
            MemoryTree tree = new MemoryTree();
            Agent agent = new Agent(
                    tree,
                    TreeTexts.ofOneAgent(),
                    IDENTITY,
                    new MemoryMachine(List.of("eth0")),
                    new KernelNetwork("eth0"),
                    () -> NodeInventory.of("test", 1, 1, List.of(), List.of()),
                    served(),
                    List.of(),
                    InstantSource.system(),
                    System::nanoTime);
            agent.recall();

            front.answers(agent, tree, () -> told.add("pass"));

            assertThat(told).containsExactly("joined", "news", "pass");
            assertThat(asks.get().get()).map(ServedCluster::roster).contains(ROSTER);
        }
    }

    private static Ledger<Roster> served() throws IOException {
        Ledger<Roster> ledger = Ledger.inMemory("ledger", Roster.class);
        ledger.write(new Ledger.Page<>(1, Optional.of(ROSTER), new NetState(Map.of()), false));
        return ledger;
    }

    /** An extension ends what is left of an earlier agent's jobs; those of one that still runs are none of that. */
    @Test
    void noExtensionIsMadeWhileAnotherAgentHasThePort() throws Exception {
        AtomicBoolean made = new AtomicBoolean();
        try (AgentFront first = open(0, (served, address) -> QUIET)) {

            assertThatThrownBy(() -> open(first.port(), (served, address) -> {
                        made.set(true);
                        return QUIET;
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on");
        }

        assertThat(made).isFalse();
    }

    @Test
    void thePortIsHeldWhileAnExtensionIsMadeAndFreeAgainIfItCannotBe() throws Exception {
        int port = FreePorts.one();

        assertThatThrownBy(() -> open(port, (served, address) -> {
                    assertThatThrownBy(() -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()))
                            .isInstanceOf(BindException.class);
                    throw new IllegalStateException("cannot be made");
                }))
                .hasMessage("cannot be made");

        FreePorts.awaitFree(port);
    }
}
