package dev.scc.testbed;

import dev.scc.host.ProcessId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the state file holds: all that a later process needs to know about a testbed. It is written before anything is
 * made, and again after each process is started.
 *
 * @param ready whether {@code up} has reached its end
 */
record TestbedState(TestbedName name, int nodes, Instant since, boolean ready, List<ProcessId> servers, Made made) {
    TestbedState {
        servers = List.copyOf(servers);
    }

    static TestbedState begun(TestbedName name, int nodes, Instant now, Made made) {
        return new TestbedState(name, nodes, now, false, List.of(), made);
    }

    TestbedState withServer(ProcessId process) {
        return new TestbedState(
                name,
                nodes,
                since,
                ready,
                Stream.concat(servers.stream(), Stream.of(process)).toList(),
                made);
    }

    TestbedState with(Made more) {
        return new TestbedState(name, nodes, since, ready, servers, more);
    }

    TestbedState whenReady() {
        return new TestbedState(name, nodes, since, true, servers, made);
    }

    List<ProcessId> processes() {
        return Stream.concat(servers.stream(), made.processes().stream()).toList();
    }

    List<TestbedNode> all() {
        return TestbedSpec.all(nodes);
    }
}
