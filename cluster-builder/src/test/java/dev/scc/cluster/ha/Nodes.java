package dev.scc.cluster.ha;

import static org.awaitility.Awaitility.await;

import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Machine;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import dev.scc.host.net.StepFailed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** Agents with machines in memory, n1 to nN. They can be held before they change anything. */
final class Nodes implements AutoCloseable {
    private final Path directory;
    private final String hosts;
    private final Map<String, MemoryMachine> machines = new TreeMap<>();
    private final Map<String, AgentProcess> agents = new TreeMap<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** Starts them. */
    Nodes(Path directory, String hosts, int count) throws Exception {
        this.directory = directory;
        this.hosts = hosts;
        for (int i = 1; i <= count; i++) {
            machines.put("n" + i, new MemoryMachine(List.of("eth0", "eth1")));
            start("n" + i);
        }
    }

    private final class Held implements Machine {
        private final MemoryMachine machine;

        Held(MemoryMachine machine) {
            this.machine = machine;
        }

        @Override
        public NetState observe() {
            return machine.observe();
        }

        @Override
        public void apply(List<Step> steps) throws StepFailed {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            machine.apply(steps);
        }
    }

    private static String address(String name) {
        return "127.0.0." + (10 + Integer.parseInt(name.substring(1)));
    }

    void start(String name) throws java.io.IOException, CommandFailed {
        Nic underlay = new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of(address(name) + "/8"));
        agents.put(
                name,
                AgentProcess.start(
                        new AgentSettings(
                                hosts,
                                new NodeName(name),
                                "eth0",
                                "eth1",
                                directory.resolve("agent-" + name),
                                0,
                                "1",
                                new EnsembleDoor.Own()),
                        Connections.plain(),
                        new Held(java.util.Objects.requireNonNull(machines.get(name))),
                        new KernelNetwork("eth0"),
                        () -> NodeInventory.of("test", 1, 1, List.of(underlay), List.of()),
                        (plan, passedOver, results) -> {
                            throw new CannotVerify("no RDMA here");
                        },
                        List.of()));
    }

    void stop(String name) {
        java.util.Objects.requireNonNull(agents.remove(name)).close();
    }

    /** From now on nobody changes anything. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    void release() {
        gate.countDown();
    }

    void awaitFree(ClusterClient client) {
        await().atMost(Servers.LONG).until(() -> free(client) == agents.size());
    }

    private static long free(ClusterClient client) throws InterruptedException {
        try {
            return client.nodes().nodes().stream()
                    .filter(node -> node.state() == NodeState.FREE)
                    .count();
        } catch (ServerUnreachable e) {
            return -1;
        }
    }

    /** How many machines bear something of ours. */
    long built() {
        return machines.values().stream()
                .filter(machine -> !machine.observe().objects().isEmpty())
                .count();
    }

    NetState state(String name) {
        return java.util.Objects.requireNonNull(machines.get(name)).observe();
    }

    @Override
    public void close() {
        release();
        agents.values().forEach(AgentProcess::close);
    }
}
