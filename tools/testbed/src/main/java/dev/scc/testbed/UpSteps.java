package dev.scc.testbed;

import dev.scc.host.ProcessId;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The steps that bring a testbed of any kind up. What a step that fails has made is for {@link Removal} to take away: each
 * process is in the state file, or in the namespace, from its first moment.
 */
final class UpSteps {
    private final Site site;
    private final TestbedSpec spec;

    UpSteps(Site site, TestbedSpec spec) {
        this.site = site;
        this.spec = spec;
    }

    void makeNetwork() throws TestbedFailed {
        try {
            site.network().create(spec);
        } catch (CommandFailed e) {
            throw new TestbedFailed(
                    "cannot make the testbed's network",
                    String.valueOf(e.getMessage()),
                    "Network namespaces, bridges, taps and veths need root and a kernel that has them");
        }
    }

    void startServers() throws TestbedFailed, IOException {
        for (int number = 0; number < spec.serverCommands().size(); number++) {
            Path log = serverLog(number);
            Optional<ProcessId> process =
                    Detached.start(site.network().enter(), spec.serverCommands().get(number), log);
            ProcessId server = process.orElseThrow(() -> ended("the server", log));
            site.state().change(known -> known.withServer(server));
        }
    }

    /** Fails if a server has ended since. */
    void requireServers(TestbedState started) throws TestbedFailed {
        for (int number = 0; number < started.servers().size(); number++) {
            if (!started.servers().get(number).alive()) {
                throw ended("the server", serverLog(number));
            }
        }
    }

    private Path serverLog(int number) {
        return site.data()
                .resolve(spec.serverCommands().size() == 1 ? "server.log" : "server-" + (number + 1) + ".log");
    }

    static TestbedFailed ended(String who, Path log) {
        return new TestbedFailed(
                who + " ended while the testbed came up", LogFile.lastLines(log), "Look for the cause in these lines");
    }
}
