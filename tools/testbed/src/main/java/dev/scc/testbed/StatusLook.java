package dev.scc.testbed;

import dev.scc.host.ProcessId;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds out what is there of a testbed. */
final class StatusLook {
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private StatusLook() {}

    static TestbedStatus at(Site site) throws IOException {
        Optional<TestbedState> state = site.state().read();
        if (locked(site)) {
            return new TestbedStatus.Changing();
        }
        if (state.isEmpty()) {
            return site.state().exists() || site.network().exists()
                    ? new TestbedStatus.Leftover("there is no readable state in " + site.data())
                    : new TestbedStatus.Down();
        }
        TestbedState known = state.get();
        if (!known.ready()) {
            return new TestbedStatus.Leftover("an up that began at " + known.since() + " was killed on its way");
        }
        if (known.processes().stream().noneMatch(ProcessId::alive)) {
            return new TestbedStatus.Leftover("none of its processes runs any more");
        }
        return present(site, known);
    }

    private static boolean locked(Site site) throws IOException {
        if (!Files.exists(site.data().resolve(TestbedLock.FILE))) {
            return false;
        }
        Optional<TestbedLock> lock = TestbedLock.tryAcquire(site.data());
        if (lock.isPresent()) {
            lock.get().close();
        }
        return lock.isEmpty();
    }

    private static TestbedStatus present(Site site, TestbedState known) {
        return switch (known.made()) {
            case Made.Guests guests ->
                present(
                        known,
                        "vm",
                        guests.accelerator(),
                        guests.kernel(),
                        known.all().stream()
                                .map(node -> guest(site.name(), node, guests))
                                .toList());
            case Made.Namespaces namespaces -> {
                boolean agents = alive(namespaces);
                yield present(
                        known,
                        "netns",
                        "",
                        System.getProperty("os.version"),
                        known.all().stream()
                                .map(node -> {
                                    boolean there = site.network().nodes().has(node);
                                    return new TestbedStatus.NodeStatus(node, there, there && agents);
                                })
                                .toList());
            }
            case Made.Simulated simulated -> {
                boolean agents = alive(simulated);
                yield present(
                        known,
                        "sim",
                        "",
                        "",
                        known.all().stream()
                                .map(node -> new TestbedStatus.NodeStatus(node, agents, agents))
                                .toList());
            }
        };
    }

    /** True if the testbed was made without agents. */
    private static boolean alive(Made made) {
        return made.processes().stream().allMatch(ProcessId::alive);
    }

    private static TestbedStatus.Present present(
            TestbedState known, String kind, String accelerator, String kernel, List<TestbedStatus.NodeStatus> nodes) {
        return new TestbedStatus.Present(
                known.name(),
                kind,
                known.since(),
                accelerator,
                kernel,
                new TestbedStatus.Servers(known.servers().size(), (int)
                        known.servers().stream().filter(ProcessId::alive).count()),
                nodes);
    }

    private static TestbedStatus.NodeStatus guest(TestbedName testbed, TestbedNode node, Made.Guests made) {
        ProcessId guest = made.guests().get(node.name());
        boolean running = guest != null && guest.alive();
        return new TestbedStatus.NodeStatus(node, running, running && answers(testbed, node));
    }

    private static boolean answers(TestbedName testbed, TestbedNode node) {
        try {
            return new GuestCommands(testbed, node).answers(ANSWER);
        } catch (CommandFailed e) {
            return false;
        }
    }
}
