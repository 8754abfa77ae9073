package dev.scc.simulation;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.job.client.Restarts;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What servers do with the one cluster of the scene with jobs: a member whose agent is away for long is replaced, if another
 * machine is free; agents hear of rosters some time after. The controllers themselves are in the other simulation.
 */
final class JobPool {
    static final ClusterName CLUSTER = new ClusterName("demo");

    private static final long PATIENCE = 15 * Timeline.SECOND;
    private static final VpcNetwork VPC = VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/24"));
    private static final Segment SEGMENT = Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24"));

    private final JobScene scene;
    private final Map<JobHost, Long> away = new HashMap<>();
    private List<JobHost> members;
    private int revision = 1;
    Optional<Roster> roster;

    JobPool(JobScene scene, List<JobHost> members) {
        this.scene = scene;
        this.members = List.copyOf(members);
        roster = Optional.of(now());
    }

    private Roster now() {
        List<Member> all = new ArrayList<>();
        for (JobHost host : members) {
            int number = Integer.parseInt(host.name.substring(1));
            all.add(new Member(
                    host.node(),
                    Ipv4.parse("10.99.0." + (10 + number)),
                    host.agentAddress(),
                    Ipv4.parse("172.16.0." + number),
                    Ipv4.parse("10.70.0." + number),
                    "",
                    "eth1"));
        }
        return new Roster(CLUSTER, revision, 1, VPC, SEGMENT, all);
    }

    boolean has(JobHost host) {
        return roster.isPresent() && members.contains(host);
    }

    private static boolean hears(JobHost host) {
        JobAgentProcess agent = host.agent;
        return host.powered && !host.cut && agent != null && agent.runs();
    }

    /** From now on it looks once a second. */
    void begin() {
        tell();
        scene.sim.timeline.after(Timeline.SECOND, this::look);
    }

    private void look() {
        for (JobHost host : List.copyOf(members)) {
            if (hears(host)) {
                away.remove(host);
            } else {
                away.putIfAbsent(host, scene.sim.timeline.now());
            }
        }
        for (JobHost host : List.copyOf(members)) {
            if (roster.isPresent() && lost(host)) {
                replace(host);
            }
        }
        tell();
        scene.sim.timeline.after(Timeline.SECOND, this::look);
    }

    private boolean lost(JobHost host) {
        Long since = away.get(host);
        return since != null && scene.sim.timeline.now() - since > PATIENCE;
    }

    private void replace(JobHost lost) {
        Optional<JobHost> spare = scene.hosts.stream()
                .filter(host -> !members.contains(host) && hears(host) && host.serves.isEmpty() && !host.leaves)
                .findFirst();
        if (spare.isPresent()) {
            scene.sim.trace.mark("pool", "replaces", lost + " by " + spare.get());
            scene.sim.tally.fault("node replaced");
            lost.hurt = scene.sim.timeline.now();
            members = members.stream()
                    .map(host -> host == lost ? spare.get() : host)
                    .toList();
            away.remove(lost);
            revision++;
            roster = Optional.of(now());
        }
    }

    void delete() {
        scene.sim.trace.mark("pool", "deletes", "");
        scene.sim.tally.fault("cluster deleted under its jobs");
        roster = Optional.empty();
        members.forEach(host -> host.hurt = scene.sim.timeline.now());
        tell();
    }

    boolean deleted() {
        return roster.isEmpty();
    }

    /** Agents hear of what is wanted of them. */
    private void tell() {
        for (JobHost host : scene.hosts) {
            Optional<Roster> wanted = has(host) ? roster : Optional.empty();
            if (hears(host) && !host.leaves && !host.serves.equals(wanted)) {
                JobAgentProcess agent = host.agent;
                scene.sim.timeline.after(scene.sim.chance.between(Timeline.MILLI, 400 * Timeline.MILLI), () -> {
                    Optional<Roster> then = has(host) ? roster : Optional.empty();
                    if (agent != null
                            && agent == host.agent
                            && hears(host)
                            && !host.leaves
                            && !host.serves.equals(then)) {
                        agent.assigned(then);
                    }
                });
            }
        }
    }

    /** All members serve the roster, and nobody else serves anything. */
    boolean settled() {
        return scene.hosts.stream()
                .allMatch(host -> !host.leaves && host.serves.equals(has(host) ? roster : Optional.empty()));
    }

    Optional<Restarts.State> state() {
        return roster.map(now -> {
            boolean ready = members.stream().noneMatch(away::containsKey)
                    && members.stream().allMatch(host -> host.serves.equals(roster));
            return new Restarts.State(
                    ready ? ClusterPhase.READY : ClusterPhase.DEGRADED,
                    revision,
                    ready ? "" : "nodes are away",
                    Optional.of(new Restarts.Place(now, Optional.empty())));
        });
    }
}
