package dev.scc.job.plan;

import dev.scc.cluster.Member;
import dev.scc.job.JobSpec;
import dev.scc.job.Transport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * PyTorch's distributed programs: ranks are started directly, and find each other at rank 0 as {@code torchrun}'s do, by the
 * variables of its documentation ("Environment Variables"); NCCL and Gloo read the rest (NCCL's "Environment Variables").
 */
final class Torch {
    private Torch() {}

    static List<Launch> launches(LaunchPlan plan, JobSpec spec) {
        List<Launch> launches = new ArrayList<>();
        for (Placement placement : plan.placements()) {
            for (int rank : placement.ranks()) {
                launches.add(new Launch(
                        placement.member().node(),
                        Optional.of(rank),
                        spec.argv(),
                        Map.of(
                                "SCC_RANK", Integer.toString(rank),
                                "RANK", Integer.toString(rank),
                                "ROLE_RANK", Integer.toString(rank),
                                "LOCAL_RANK", Integer.toString(rank - placement.first()))));
            }
        }
        return launches;
    }

    /** What all ranks of one node read. */
    static Map<String, String> environment(
            LaunchPlan plan, JobSpec spec, LaunchSettings settings, Member member, Map<Member, NodeFacts> facts) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("MASTER_ADDR", plan.lead().vpcAddress().toString());
        fact(facts, plan.lead())
                .flatMap(NodeFacts::vpcPort)
                .ifPresent(port -> environment.put("MASTER_PORT", Integer.toString(port)));
        environment.put("WORLD_SIZE", Integer.toString(plan.ranks()));
        environment.put("ROLE_NAME", "default");
        environment.put("ROLE_WORLD_SIZE", Integer.toString(plan.ranks()));
        for (int node = 0; node < plan.placements().size(); node++) {
            Placement placement = plan.placements().get(node);
            if (placement.member().equals(member)) {
                environment.put("LOCAL_WORLD_SIZE", Integer.toString(placement.count()));
                environment.put("NODE_RANK", Integer.toString(node));
                environment.put("GROUP_RANK", Integer.toString(node));
            }
        }
        environment.put("GROUP_WORLD_SIZE", Integer.toString(plan.placements().size()));
        environment.put(
                "TORCHELASTIC_RUN_ID", String.valueOf(settings.jobDirectory().getFileName()));
        environment.put("TORCHELASTIC_RESTART_COUNT", Integer.toString(spec.restarts()));
        environment.put("NCCL_SOCKET_IFNAME", "=" + settings.vpcInterface());
        environment.put("GLOO_SOCKET_IFNAME", settings.vpcInterface());
        environment.put("TP_SOCKET_IFNAME", settings.vpcInterface());
        environment.putAll(transport(plan.transport(), member, fact(facts, member)));
        return environment;
    }

    private static Optional<NodeFacts> fact(Map<Member, NodeFacts> facts, Member member) {
        return Optional.ofNullable(facts.get(member));
    }

    /** NCCL takes another way without a word where the first is not there, unless one is named. */
    private static Map<String, String> transport(Transport transport, Member member, Optional<NodeFacts> facts) {
        Map<String, String> environment = new LinkedHashMap<>();
        switch (transport) {
            case RDMA -> {
                environment.put("NCCL_NET", "IB");
                environment.put("NCCL_IB_HCA", "=" + member.rdmaDevice() + ":1");
                facts.flatMap(NodeFacts::gidIndex)
                        .ifPresent(index -> environment.put("NCCL_IB_GID_INDEX", Integer.toString(index)));
                facts.flatMap(NodeFacts::trafficClass)
                        .ifPresent(tos -> environment.put("NCCL_IB_TC", Integer.toString(tos)));
                facts.flatMap(NodeFacts::serviceLevel)
                        .ifPresent(level -> environment.put("NCCL_IB_SL", Integer.toString(level)));
            }
            case TCP -> {
                environment.put("NCCL_NET", "Socket");
                environment.put("NCCL_IB_DISABLE", "1");
            }
            case NONE -> {}
        }
        return environment;
    }
}
