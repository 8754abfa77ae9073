package dev.scc.bench;

import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentHost;
import dev.scc.cluster.agent.HostedNode;
import dev.scc.cluster.agent.Identity;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Role;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.MemoryMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A process with the agents of nodes n1 to nN, whose machines and ledgers are in memory. */
final class HostedAgents {
    /** The longest that the server allows: thousands of idle sessions should not disturb what is measured. */
    static final Duration SESSION = Duration.ofSeconds(20);

    /** Thousands that begin at the same instant would each wait for all others. */
    static final Duration ONE_BY_ONE = Duration.ofMillis(3);

    /** What is measured beside proofs, or without them. */
    static final Connections IN_PLAIN_TEXT = Connections.plain();

    private static final Ipv4 UNDERLAY = Ipv4.parse("11.0.0.0");

    private HostedAgents() {}

    /** Arguments: where the server is, how many, and the directory of the authority that signs for them; none in plain text. */
    public static void main(String[] args) throws Exception {
        Optional<BenchAuthority> authority =
                args.length > 2 ? Optional.of(BenchAuthority.in(Path.of(args[2]))) : Optional.empty();
        AgentHost agents = new AgentHost(args[0], SESSION);
        for (int number = 1; number <= Integer.parseInt(args[1]); number++) {
            agents.start(node(number, connections(authority, number), Optional.empty()));
            Thread.sleep(ONE_BY_ONE);
        }
        new CountDownLatch(1).await();
    }

    private static Connections connections(Optional<BenchAuthority> authority, int number) {
        return authority.map(own -> own.as(Role.NODE, "n" + number)).orElse(IN_PLAIN_TEXT);
    }

    static HostedNode node(int number, Connections connections, Optional<HostedNode.Services> services) {
        NodeName name = new NodeName("n" + number);
        Ipv4 underlay = UNDERLAY.plus(number);
        NodeInventory has = NodeInventory.of(
                "6.1.0",
                2,
                1L << 30,
                List.of(new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of(underlay + "/8"))),
                List.of());
        return new HostedNode(
                new Identity(name, "instance of " + name, underlay, "", "", "bench"),
                new MemoryMachine(List.of("eth0")),
                new KernelNetwork("eth0"),
                () -> has,
                Ledger.inMemory("ledger of " + name, Roster.class),
                connections,
                services);
    }
}
