package dev.scc.simulation;

import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.plan.Timing;
import dev.scc.host.NodeName;
import dev.scc.simulation.zk.SimZooKeeper;
import dev.scc.simulation.zk.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One world: everything in it happens on the thread that runs it, and follows from its seed. */
final class Simulation {
    static final Timing TIMING =
            new Timing(Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMinutes(15));

    static final String ADMINISTRATOR = "admin:root";

    final Timeline timeline = new Timeline();
    final Chance chance;
    final Trace trace;
    final Tally tally = new Tally();
    final int replicas;
    final SimZooKeeper zk;
    /** The process of each session that there ever was. */
    final Map<Long, SimProcess> owners = new HashMap<>();

    final List<Hardware> hardware = new ArrayList<>();
    /** Machines that join when all is at rest, and to which nothing happens by chance. */
    final List<Hardware> strangers = new ArrayList<>();

    final List<ControllerProcess> controllers = new ArrayList<>();
    final List<ClientProcess> clients = new ArrayList<>();
    private final List<FrontProcess> fronts = new ArrayList<>();
    final Promises promises;
    final Faults faults;
    Point points = (process, kind, what) -> {};
    private final List<Boolean> catchingUp = new ArrayList<>();
    /** When a server was stopped, went on or was killed last. */
    long serversDisturbed = Long.MIN_VALUE;

    /** While nothing happens, and it is counted what that costs. */
    Optional<Rest> rest = Optional.empty();

    private int clientNumber;

    /** Whose words the trace is in. */
    interface Tracing {
        Trace of(Timeline timeline);
    }

    Simulation(long seed, int replicas, Tracing tracing) {
        this(seed, replicas, tracing, Optional.empty());
    }

    /** @param onlooker who sees all transactions in the place of the promises about clusters */
    Simulation(long seed, int replicas, Tracing tracing, Optional<Consumer<Transaction>> onlooker) {
        this.chance = new Chance(seed);
        this.trace = tracing.of(timeline);
        this.replicas = replicas;
        this.zk = new SimZooKeeper(replicas);
        this.promises = new Promises(this);
        this.faults = new Faults(this);
        for (int i = 0; i < replicas; i++) {
            catchingUp.add(false);
        }
        zk.observe(transaction -> {
            onlooker.orElse(promises::committed).accept(transaction);
            for (int replica = 0; replica < replicas; replica++) {
                follow(replica);
            }
        });
    }

    /** How long a message is under way. */
    long latency() {
        return chance.oneIn(20)
                ? chance.between(Timeline.MILLI, 40 * Timeline.MILLI)
                : chance.between(100 * Timeline.MICRO, 2 * Timeline.MILLI);
    }

    /** The replica applies what it is behind, some time. */
    private void follow(int replica) {
        if (catchingUp.get(replica)) {
            return;
        }
        catchingUp.set(replica, true);
        timeline.after(faults.lag(replica), () -> {
            catchingUp.set(replica, false);
            int behind = zk.behind(replica);
            if (behind > 0) {
                zk.catchUp(replica, (int) chance.between(1, behind));
            }
            if (zk.behind(replica) > 0) {
                follow(replica);
            }
        });
    }

    /** The machine that is this node; if it is not enrolled, the first of that name that is not thrown away. */
    Hardware machine(NodeName node) {
        @Nullable NodeRecord record = promises.tree.nodes.get(node);
        @Nullable Hardware first = null;
        for (Hardware machine : hardware) {
            if (machine.node.equals(node)) {
                boolean enrolled = record != null && record.machine().instance().equals(machine.instance);
                if (enrolled || (record == null && !machine.scrapped)) {
                    return machine;
                }
                first = first == null ? machine : first;
            }
        }
        if (first == null) {
            return strangers.stream()
                    .filter(machine -> machine.node.equals(node))
                    .findFirst()
                    .orElseThrow();
        }
        return first;
    }

    /** Which machine has this address and port. */
    Hardware at(String agentAddress) {
        return hardware.stream()
                .filter(machine -> agentAddress.equals(machine.agentAddress()))
                .findFirst()
                .orElseThrow();
    }

    void startAgent(Hardware machine) {
        machine.agent = new AgentProcess(this, machine);
    }

    void startController(String name) {
        serversDisturbed = timeline.now(); // Until now nobody could reach it.
        controllers.add(new ControllerProcess(this, name));
    }

    /** The server begins to serve a call. */
    FrontProcess front(String server, ClientProcess client, ServerRpc.Ask ask, FrontProcess.Listener listener) {
        fronts.removeIf(one -> !one.alive());
        FrontProcess front = new FrontProcess(this, server, client, ask, listener);
        fronts.add(front);
        return front;
    }

    /** The calls that the server serves now. */
    List<FrontProcess> fronts(String server) {
        return fronts.stream()
                .filter(one -> one.alive() && one.server.equals(server))
                .toList();
    }

    /** An administrator who asks this under this id. */
    ClientProcess ask(String id, dev.scc.cluster.Request request, long patience) {
        return ask(id, ADMINISTRATOR, request, patience);
    }

    /** Somebody who asks this under this id. */
    ClientProcess ask(String id, String caller, dev.scc.cluster.Request request, long patience) {
        ClientProcess client = new ClientProcess(this, "c" + ++clientNumber, id, caller, request, patience);
        trace.mark(client.name, "asks", id + " " + caller + " " + request);
        clients.add(client);
        return client;
    }

    /** Lets time pass. */
    void run(long nanos) {
        long end = timeline.now() + nanos;
        boolean[] over = {false};
        timeline.at(end, () -> over[0] = true);
        while (!over[0]) {
            timeline.step();
        }
    }

    /** All processes that are alive now. */
    List<SimProcess> processes() {
        List<SimProcess> all = new ArrayList<>();
        controllers.stream().filter(SimProcess::alive).forEach(all::add);
        for (Hardware machine : hardware) {
            AgentProcess agent = machine.agent;
            if (agent != null && agent.alive()) {
                all.add(agent);
            }
        }
        clients.stream().filter(SimProcess::alive).forEach(all::add);
        fronts.stream().filter(SimProcess::alive).forEach(all::add);
        return all;
    }
}
