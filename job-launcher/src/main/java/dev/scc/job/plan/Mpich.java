package dev.scc.job.plan;

import dev.scc.cluster.Member;
import dev.scc.job.JobSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** MPICH 4: its ranks are started directly and find each other through our PMI-1 server. */
final class Mpich {
    /** The dynamic linker's list of libraries that come before all others. */
    static final String PRELOAD = "LD_PRELOAD";

    private Mpich() {}

    static List<Launch> launches(LaunchPlan plan, JobSpec spec, Map<Member, NodeFacts> facts) {
        List<Launch> launches = new ArrayList<>();
        for (Placement placement : plan.placements()) {
            NodeFacts node = Optional.ofNullable(facts.get(placement.member()))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "nothing is known of node " + placement.member().node()));
            for (int rank : placement.ranks()) {
                launches.add(new Launch(
                        placement.member().node(),
                        Optional.of(rank),
                        spec.argv(),
                        Map.of("PMI_PORT", "127.0.0.1:" + node.pmiPort(), "PMI_ID", Integer.toString(rank))));
            }
        }
        return launches;
    }

    /**
     * Which ranks are on which node, as MPICH's {@code PMI_process_mapping} attribute wants it: blocks of (first node,
     * nodes, ranks on each), with neighbours of equal size in one block.
     */
    static String processMapping(LaunchPlan plan) {
        List<int[]> blocks = new ArrayList<>();
        for (int node = 0; node < plan.placements().size(); node++) {
            int count = plan.placements().get(node).count();
            if (!blocks.isEmpty() && blocks.getLast()[2] == count) {
                blocks.getLast()[1]++;
            } else {
                blocks.add(new int[] {node, 1, count});
            }
        }
        return blocks.stream()
                .map(block -> "(" + block[0] + "," + block[1] + "," + block[2] + ")")
                .collect(Collectors.joining(",", "(vector,", ")"));
    }

    /** What UCX and the dynamic linker read in each rank. */
    static Map<String, String> environment(
            LaunchPlan plan, LaunchSettings settings, Member member, Optional<NodeFacts> facts) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(PRELOAD, settings.progress().toString());
        environment.put("UCX_POSIX_DIR", settings.jobDirectory().toString());
        switch (plan.transport()) {
            case RDMA -> {
                environment.put("UCX_TLS", "rc,ud,self,sm");
                environment.put("UCX_NET_DEVICES", member.rdmaDevice() + ":1");
                facts.flatMap(NodeFacts::gidIndex)
                        .ifPresent(index -> environment.put("UCX_IB_GID_INDEX", Integer.toString(index)));
                facts.flatMap(NodeFacts::trafficClass)
                        .ifPresent(tos -> environment.put("UCX_IB_TRAFFIC_CLASS", Integer.toString(tos)));
                facts.flatMap(NodeFacts::serviceLevel)
                        .ifPresent(level -> environment.put("UCX_IB_SL", Integer.toString(level)));
            }
            case TCP -> {
                environment.put("UCX_TLS", "tcp,self,sm");
                environment.put("UCX_NET_DEVICES", settings.vpcInterface());
            }
            case NONE -> environment.put("UCX_TLS", "self,sm");
        }
        return environment;
    }
}
