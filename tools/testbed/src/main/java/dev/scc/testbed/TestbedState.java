package dev.scc.testbed;

import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the state file holds: all that a later process needs to know about a testbed. It is written before anything is
 * made, and again after each process is started.
 *
 * @param ready whether {@code up} has reached its end
 * @param guests the QEMU process of each node that was started
 */
record TestbedState(
        TestbedName name,
        int nodes,
        Instant since,
        String accelerator,
        String kernel,
        boolean ready,
        List<ProcessId> servers,
        Map<NodeName, ProcessId> guests) {

    TestbedState {
        servers = List.copyOf(servers);
        guests = Map.copyOf(guests);
    }

    static TestbedState begun(TestbedName name, int nodes, Instant now, Accelerator accelerator, String kernel) {
        return new TestbedState(name, nodes, now, accelerator.word(), kernel, false, List.of(), Map.of());
    }

    TestbedState withServer(ProcessId process) {
        return new TestbedState(name, nodes, since, accelerator, kernel, ready, with(process), guests);
    }

    private List<ProcessId> with(ProcessId server) {
        return Stream.concat(servers.stream(), Stream.of(server)).toList();
    }

    TestbedState withGuest(NodeName node, ProcessId process) {
        Map<NodeName, ProcessId> more = new LinkedHashMap<>(guests);
        more.put(node, process);
        return new TestbedState(name, nodes, since, accelerator, kernel, ready, servers, more);
    }

    TestbedState whenReady() {
        return new TestbedState(name, nodes, since, accelerator, kernel, true, servers, guests);
    }

    List<ProcessId> processes() {
        return Stream.concat(servers.stream(), guests.values().stream()).toList();
    }
}
