package dev.scc.testbed;

import dev.scc.host.ProcessId;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a testbed away, whatever part of it is there: the processes that its state names, those in its namespace that the
 * state does not name (an {@code up} killed before it could write), what jobs have left, the namespaces, the data directory.
 */
final class Removal {
    private static final Duration SERVER_STOPS = Duration.ofSeconds(5);
    private static final Duration KILLED_ENDS = Duration.ofSeconds(10);

    private final Path data;
    private final StateFile stateFile;
    private final TestbedNetwork network;
    private final JobTraces traces;
    private final List<String> removed = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    Removal(Site site) {
        this.data = site.data();
        this.stateFile = site.state();
        this.network = site.network();
        this.traces = new JobTraces(site.name());
    }

    /** Removes everything, with the data directory. */
    DownOutcome all() {
        return run(false);
    }

    /** Removes everything but the data directory and the lock in it, which the caller goes on to hold. */
    DownOutcome emptied() {
        return run(true);
    }

    private DownOutcome run(boolean keepLock) {
        endProcesses();
        removeTraces();
        deleteNetwork();
        // While something is left, the state tells the next attempt what it is.
        if (left.isEmpty()) {
            deleteData(keepLock);
        }
        return new DownOutcome(removed, left);
    }

    private void endProcesses() {
        Set<ProcessId> all = new LinkedHashSet<>();
        try {
            Optional<TestbedState> state = stateFile.read();
            state.ifPresent(known -> stopServers(known.servers()));
            state.ifPresent(known -> all.addAll(known.processes()));
        } catch (IOException e) {
            left.add("the state in " + data + " cannot be read: " + e);
        }
        try {
            if (network.exists()) {
                all.addAll(network.processes());
            }
        } catch (IOException e) {
            left.add("the processes in the namespaces are not known: " + e.getMessage());
        }
        List<ProcessId> alive = all.stream().filter(ProcessId::alive).toList();
        // Nothing has anything to save: a guest's writes go to memory, a ledger is of a node that goes too.
        alive.forEach(ProcessId::kill);
        for (ProcessId process : alive) {
            (process.awaitEnd(KILLED_ENDS) ? removed : left).add("process " + process.pid());
        }
    }

    private void stopServers(List<ProcessId> servers) {
        List<ProcessId> alive = servers.stream().filter(ProcessId::alive).toList();
        alive.forEach(ProcessId::terminate);
        for (ProcessId server : alive) {
            if (server.awaitEnd(SERVER_STOPS)) {
                removed.add("process " + server.pid() + " (a server)");
            }
        }
    }

    private void removeTraces() {
        try {
            removed.addAll(traces.remove());
        } catch (IOException e) {
            left.add("what jobs have left: " + e.getMessage());
        } catch (InterruptedException e) {
            left.add("what jobs have left: the removal was interrupted");
            Thread.currentThread().interrupt();
        }
    }

    private void deleteNetwork() {
        try {
            network.nodes().forgetNames();
        } catch (IOException e) {
            left.add("host names of the nodes in /etc/netns: " + e.getMessage());
        }
        if (network.exists()) {
            int nodes = network.nodes().names().size();
            try {
                network.delete();
                removed.add("network namespace " + network.namespace()
                        + (nodes == 0 ? "" : " and those of " + nodes + " nodes"));
            } catch (CommandFailed e) {
                left.add("network namespace " + network.namespace() + ": " + e.getMessage());
            }
        }
    }

    /** Removes the data directory if the lock is all that is in it: one that was made to be locked. */
    void lockOnly() throws IOException {
        if (!stateFile.exists() && Files.isDirectory(data)) {
            Files.deleteIfExists(data.resolve(TestbedLock.FILE));
            if (Tree.isEmpty(data)) {
                Files.delete(data);
            }
        }
    }

    private void deleteData(boolean keepLock) {
        try {
            if (stateFile.exists()) {
                // The state goes last, so that a removal that is killed is taken up again.
                Tree.deleteBelow(data, Set.of(TestbedLock.FILE, StateFile.NAME));
                stateFile.delete();
                removed.add("data directory " + data);
            }
            // Without a state the directory is not known to be ours, beyond the lock.
            if (!keepLock) {
                lockOnly();
            }
        } catch (IOException e) {
            left.add("data directory " + data + ": " + e);
        }
    }
}
