package dev.scc.testbed;

import dev.scc.host.ProcessId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Nodes whose agents all live in one process; the nodes themselves are namespaces, or nothing but what is in that process. */
final class AgentsUp implements NodesUp {
    static final String AGENTS_LOG = "agents.log";

    private final Site site;
    private final TestbedSpec spec;
    private final HostCheck host;
    private final List<String> agentsCommand;

    AgentsUp(Site site, TestbedSpec spec, HostCheck host, List<String> agentsCommand) {
        this.site = site;
        this.spec = spec;
        this.host = host;
        this.agentsCommand = List.copyOf(agentsCommand);
    }

    @Override
    public List<String> complaints() throws IOException {
        return host.complaints(spec);
    }

    @Override
    public void run(Phases phases) throws TestbedFailed, IOException, InterruptedException {
        site.state().write(TestbedState.begun(site.name(), spec.nodes(), Instant.now(), made(Optional.empty())));
        UpSteps steps = new UpSteps(site, spec);
        steps.makeNetwork();
        phases.done("network");
        steps.startServers();
        startAgents();
        phases.done("start");
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void startAgents() throws TestbedFailed, IOException {
        if (!agentsCommand.isEmpty()) {
            Path log = site.data().resolve(AGENTS_LOG);
            ProcessId agents = Detached.start(site.network().enter(), agentsCommand, log)
                    .orElseThrow(() -> UpSteps.ended("the process of the agents", log));
            site.state().change(known -> known.with(made(Optional.of(agents))));
        }
    }

    private Made made(Optional<ProcessId> agents) {
        return spec.kind() instanceof NodeKind.Sim ? new Made.Simulated(agents) : new Made.Namespaces(agents);
    }
}
