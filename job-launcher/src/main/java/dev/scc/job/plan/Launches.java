package dev.scc.job.plan;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.host.NodeName;
import dev.scc.job.JobSpec;
import dev.scc.job.Launcher;
import dev.scc.job.MpiChoice;
import dev.scc.job.MpiFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns a plan into processes. */
public final class Launches {
    private final Roster roster;
    private final LaunchPlan plan;
    private final JobSpec spec;
    private final LaunchSettings settings;
    private final Map<Member, NodeFacts> facts;

    /** @param facts of each node of the plan */
    public Launches(
            Roster roster, LaunchPlan plan, JobSpec spec, LaunchSettings settings, Map<Member, NodeFacts> facts) {
        this.roster = roster;
        this.plan = plan;
        this.spec = spec;
        this.settings = settings;
        this.facts = Map.copyOf(facts);
    }

    /** What starts the ranks; empty where there is no choice. */
    public Optional<Launcher> launcher() {
        if (plan.family() != MpiFamily.OPENMPI) {
            return Optional.empty();
        }
        boolean direct = spec.mpi() != MpiChoice.OPENMPI_MPIRUN && withoutPmix().isEmpty();
        return Optional.of(direct ? Launcher.PMIX : Launcher.MPIRUN);
    }

    /** A node of the plan that cannot serve PMIx, if there is one. */
    public Optional<NodeName> withoutPmix() {
        return plan.placements().stream()
                .map(Placement::member)
                .filter(member -> !Optional.ofNullable(facts.get(member))
                        .map(NodeFacts::pmix)
                        .orElse(false))
                .map(Member::node)
                .findFirst();
    }

    private boolean byMpirun() {
        return launcher().map(Launcher.MPIRUN::equals).orElse(false);
    }

    /**
     * What to start when the job begins.
     *
     * @param served what the PMIx server of each node has for its ranks; nothing where there are none
     */
    public List<Launch> all(Map<NodeName, Map<String, String>> served) {
        return switch (plan.family()) {
            case OPENMPI ->
                byMpirun()
                        ? List.of(OpenMpi.launch(plan, spec, settings, facts))
                        : OpenMpi.ranks(plan, spec, settings, facts, served);
            case MPICH -> Mpich.launches(plan, spec, facts);
            case TORCH -> Torch.launches(plan, spec);
            case NONE -> plain();
        };
    }

    /** Whoever says that a command is not MPI may use one as he likes. */
    private boolean guarded() {
        return spec.mpi() != MpiChoice.NONE && plan.family() != MpiFamily.TORCH;
    }

    private Optional<Integer> pmiPort(Member member) {
        return Optional.ofNullable(facts.get(member)).map(NodeFacts::pmiPort);
    }

    private List<Launch> plain() {
        List<Launch> launches = new ArrayList<>();
        for (Placement placement : plan.placements()) {
            for (int rank : placement.ranks()) {
                Map<String, String> environment = new LinkedHashMap<>();
                environment.put("SCC_RANK", Integer.toString(rank));
                if (guarded()) {
                    pmiPort(placement.member()).ifPresent(port -> environment.putAll(Guards.againstMpich(port, rank)));
                }
                launches.add(new Launch(placement.member().node(), Optional.of(rank), spec.argv(), environment));
            }
        }
        return launches;
    }

    /** What every process of the job on that node gets; what the caller asked for wins, libraries to preload add up. */
    public Map<String, String> environment(Member member) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SCC_CLUSTER", roster.cluster().value());
        environment.put("SCC_NODE", member.node().value());
        environment.put("SCC_RESTART", Integer.toString(spec.restarts()));
        spec.found().checkpoints().ifPresent(directory -> environment.put("SCC_CHECKPOINT_DIR", directory));
        environment.put("SCC_SIZE", Integer.toString(plan.ranks()));
        environment.put(
                "SCC_HOSTS", joined(placement -> placement.member().node().value()));
        environment.put(
                "SCC_VPC_ADDRESSES",
                joined(placement -> placement.member().vpcAddress().toString()));
        environment.put(
                "SCC_RDMA_ADDRESSES",
                joined(placement -> placement.member().rdmaAddress().toString()));
        if (plan.family() == MpiFamily.OPENMPI) {
            environment.putAll(OpenMpi.environment(plan, roster, member));
            if (byMpirun()) {
                environment.putAll(OpenMpi.words(spec));
            }
            pmiPort(member).ifPresent(port -> environment.putAll(Guards.againstMpich(port)));
        } else if (guarded()) {
            environment.putAll(Guards.againstOpenMpi());
        }
        if (plan.family() == MpiFamily.MPICH) {
            environment.putAll(Mpich.environment(plan, settings, member, Optional.ofNullable(facts.get(member))));
        }
        if (plan.family() == MpiFamily.TORCH) {
            environment.putAll(Torch.environment(plan, spec, settings, member, facts));
        }
        spec.environment()
                .forEach((name, value) -> environment.merge(
                        name, value, (ours, callers) -> name.equals(Mpich.PRELOAD) ? ours + ":" + callers : callers));
        return environment;
    }

    private String joined(Function<Placement, String> part) {
        return plan.placements().stream().map(part).collect(Collectors.joining(","));
    }

    /** The attribute that tells MPICH which ranks share a node. */
    public String processMapping() {
        return Mpich.processMapping(plan);
    }
}
