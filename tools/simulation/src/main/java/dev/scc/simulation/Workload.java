package dev.scc.simulation;

import dev.scc.cluster.Arrange;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Request;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.GuestTap;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What clients ask for. */
final class Workload {
    private static final List<String> NAMES = List.of("a", "b", "c");

    private static final List<String> NAMESPACES = List.of("red", "blue", StepwiseMachine.NO_NAMESPACE);
    private static final List<String> VPCS = List.of("v", "w");
    /** Two of them overlap, which is nobody's concern. The last is so small that it is full soon. */
    private static final List<Cidr> CIDRS =
            List.of(Cidr.parse("192.168.64.0/20"), Cidr.parse("192.168.64.0/24"), Cidr.parse("100.80.0.0/29"));

    private static final List<Cidr6> CIDRS6 =
            List.of(Cidr6.parse("fd00:64::/64"), Cidr6.parse("fd00:64::/112"), Cidr6.parse("fd00:80::/64"));

    private static final List<GroupName> GROUPS = List.of(new GroupName("g"), new GroupName("h"));
    private static final List<GroupRule> RULES = List.of(
            GroupRule.ALL_OUT,
            GroupRule.parse("in tcp/22 192.168.64.0/24"),
            GroupRule.parse("in any sg:g"),
            GroupRule.parse("in tcp/22 fd00:64::/64"),
            GroupRule.parse("in udp/5000-5100 sg:h"));

    /** Administrators and operators, users who are known, one who never was, and one who may only look. */
    private static final List<String> PEOPLE = List.of(
            Simulation.ADMINISTRATOR,
            Simulation.ADMINISTRATOR,
            "operator:op",
            "user:ada",
            "user:ada",
            "user:eve",
            "user:eve",
            "user:nobody",
            "viewer:vic");

    private static final List<String> USERS = List.of("ada", "eve");

    private final Simulation sim;
    private final int nodes;
    private int number;

    Workload(Simulation sim, int nodes) {
        this.sim = sim;
        this.nodes = nodes;
    }

    void plan(int requests, long until) {
        for (int i = 0; i < requests; i++) {
            sim.timeline.at(sim.chance.between(Timeline.SECOND, until), this::ask);
        }
        look(until);
        if (sim.chance.oneIn(4)) {
            manyEnis(until);
        }
        for (String user : USERS) {
            sim.timeline.at(sim.chance.between(0, 4 * Timeline.SECOND), () -> new PeopleProcess(sim, user, rights()));
            for (int i = sim.chance.below(3); i > 0; i--) {
                // Other rights, or none any more, also while something waits that he has asked for.
                sim.timeline.at(
                        sim.chance.between(4 * Timeline.SECOND, until),
                        () -> new PeopleProcess(sim, user, rights().filter(_ -> !sim.chance.oneIn(4))));
            }
        }
        if (sim.chance.oneIn(2)) {
            // Labels before anything, so that arrangements are possible.
            for (int i = 1; i <= nodes; i++) {
                Request label = new Request.Label(new NodeName("n" + i), Map.of("rack", "r" + i % 2), Set.of());
                sim.timeline.at(
                        sim.chance.between(3 * Timeline.SECOND, 8 * Timeline.SECOND),
                        () -> ask(Simulation.ADMINISTRATOR, label));
            }
        }
    }

    /** ENIs that come, go and move all the time, while everything else goes on. */
    private void manyEnis(long until) {
        sim.timeline.at(
                sim.chance.between(3 * Timeline.SECOND, 6 * Timeline.SECOND),
                () -> ask(Simulation.ADMINISTRATOR, vpc(new VpcName(sim.chance.of(VPCS)))));
        for (int i = 10 + sim.chance.below(30); i > 0; i--) {
            sim.timeline.at(
                    sim.chance.between(6 * Timeline.SECOND, until), () -> ask(Simulation.ADMINISTRATOR, vpcOrEni()));
        }
    }

    /** Looks after the clusters from time to time, and does what the owner of a degraded one is told to do. */
    private void look(long until) {
        long next = sim.timeline.now() + sim.chance.between(Timeline.SECOND, 6 * Timeline.SECOND);
        if (next > until) {
            return;
        }
        sim.timeline.at(next, () -> {
            sim.promises.tree.clusters.values().stream()
                    .filter(cluster -> cluster.phase() == ClusterPhase.DEGRADED)
                    .findFirst()
                    .ifPresent(this::mend);
            look(until);
        });
    }

    private void mend(ClusterRecord cluster) {
        if (sim.chance.oneIn(2)) {
            sim.faults.nextToJoinFails();
        }
        String caller = sim.chance.oneIn(2)
                ? cluster.owner().map(Principal::toString).orElse(Simulation.ADMINISTRATOR)
                : Simulation.ADMINISTRATOR;
        ask(
                caller,
                new Request.Scale(
                        cluster.name(),
                        sim.chance.oneIn(3) ? size() : cluster.spec().nodes()));
    }

    private void ask() {
        ask(sim.chance.of(PEOPLE), request());
    }

    private void ask(String caller, Request request) {
        String id = "q" + ++number;
        sim.ask(id, caller, request, sim.chance.between(20 * Timeline.SECOND, 200 * Timeline.SECOND));
        if (caller.startsWith("user:") && sim.chance.oneIn(3)) {
            putOutAtThatMoment(caller.substring("user:".length()));
        }
        if (request instanceof Request.EniAttach attach) {
            for (int i = sim.chance.below(6); i > 0; i--) {
                sim.timeline.after(
                        sim.chance.between(0, 20 * Timeline.SECOND),
                        () -> groupOf(attach.vpc()).ifPresent(next -> ask(Simulation.ADMINISTRATOR, next)));
            }
            for (int i = sim.chance.below(4); i > 0; i--) {
                sim.timeline.after(sim.chance.between(0, 20 * Timeline.SECOND), () -> {
                    List<Plug> plugs = plugs();
                    if (!plugs.isEmpty()) {
                        ask(Simulation.ADMINISTRATOR, move(plugs));
                    }
                });
            }
        }
        if (sim.chance.oneIn(6)) {
            // Sent twice, by two clients at about the same time.
            sim.timeline.after(
                    sim.chance.between(0, 10 * Timeline.SECOND),
                    () -> sim.ask(id, caller, request, 60 * Timeline.SECOND));
        }
    }

    /** And back after some time. */
    private void putOutAtThatMoment(String user) {
        long asked = sim.timeline.now();
        sim.timeline.at(
                asked + sim.chance.between(0, 60 * Timeline.MILLI),
                () -> new PeopleProcess(sim, user, Optional.empty()));
        if (USERS.contains(user)) {
            sim.timeline.at(
                    asked + sim.chance.between(Timeline.SECOND, 8 * Timeline.SECOND),
                    () -> new PeopleProcess(sim, user, rights()));
        }
    }

    private Request request() {
        if (sim.chance.oneIn(5)) {
            return vpcOrEni();
        }
        ClusterName name = new ClusterName(sim.chance.of(NAMES));
        boolean there = sim.promises.tree.clusters.containsKey(name);
        int dice = sim.chance.below(20);
        if ((!there && dice < 14) || dice < 2) {
            return new Request.Create(spec(name));
        }
        if (dice < 9) {
            return new Request.Scale(name, size());
        }
        if (dice < 15) {
            return new Request.Delete(name);
        }
        NodeName node = new NodeName("n" + (1 + sim.chance.below(nodes)));
        return switch (dice) {
            case 15 -> new Request.Cordon(node, "bad fan");
            case 16 -> new Request.Uncordon(node);
            case 17 -> sim.chance.oneIn(2) ? new Request.Collect() : new Request.Forget(node, false);
            default -> new Request.Label(node, Map.of("rack", "r" + sim.chance.below(3)), Set.of());
        };
    }

    private Optional<Rights> rights() {
        List<String> clusters = sim.chance.oneIn(2) ? List.of(sim.chance.of(NAMES)) : List.of();
        Optional<Integer> quota = sim.chance.oneIn(3) ? Optional.empty() : Optional.of(1 + sim.chance.below(nodes));
        return Optional.of(new Rights(clusters, Optional.empty(), quota));
    }

    private Request vpcOrEni() {
        VpcName vpc = new VpcName(sim.chance.of(VPCS));
        if (!sim.promises.tree.vpcs.containsKey(vpc)) {
            return vpc(vpc);
        }
        List<Plug> plugs = plugs();
        if (sim.chance.oneIn(3)) {
            return group(vpc, plugs);
        }
        if (!plugs.isEmpty() && sim.chance.oneIn(3)) {
            return move(plugs);
        }
        return switch (sim.chance.below(6)) {
            case 0 -> new Request.VpcDelete(vpc);
            case 1 ->
                plugs.isEmpty()
                        ? new Request.VpcDelete(vpc)
                        : new Request.EniDetach(sim.chance.of(plugs).eni());
            default ->
                new Request.EniAttach(
                        new NodeName("n" + (1 + sim.chance.below(nodes))),
                        vpc,
                        Optional.empty(),
                        sim.chance.oneIn(2) ? Optional.empty() : Optional.of(1 + sim.chance.below(2)),
                        groupsOf(vpc),
                        place(),
                        Optional.empty(),
                        addresses(vpc));
        };
    }

    /** Mostly with IPv6, and then mostly with addresses that another has, too. */
    private Request vpc(VpcName name) {
        return new Request.VpcCreate(
                name,
                sim.chance.of(CIDRS),
                false,
                sim.chance.oneIn(3) ? Optional.empty() : Optional.of(sim.chance.of(CIDRS6)),
                sim.chance.oneIn(3));
    }

    /** What somebody asks for: few addresses, so that others often have them, and none most of the time. */
    private List<Ip> addresses(VpcName vpc) {
        VpcRecord there = sim.promises.tree.vpcs.get(vpc);
        List<Ip> asked = new ArrayList<>();
        if (there != null && sim.chance.oneIn(2)) {
            for (int count = sim.chance.below(3); count > 0; count--) {
                asked.add(there.cidr().host(1 + sim.chance.below(4)));
            }
            if (there.cidr6().isPresent() && sim.chance.oneIn(2)) {
                long beyond = sim.chance.oneIn(3) ? 0 : there.cidr().hosts();
                asked.add(there.cidr6().get().host(beyond + 1 + sim.chance.below(3)));
            }
        }
        return asked;
    }

    private Request move(List<Plug> plugs) {
        return new Request.EniMove(
                sim.chance.of(plugs).eni(),
                new NodeName("n" + (1 + sim.chance.below(nodes))),
                Optional.empty(),
                place());
    }

    private Optional<EniPlace> place() {
        if (sim.chance.oneIn(6)) {
            return Optional.of(new GuestTap());
        }
        return sim.chance.oneIn(3) ? Optional.of(NamespaceFile.parse(sim.chance.of(NAMESPACES))) : Optional.empty();
    }

    /** Of what an ENI begins with. */
    private List<GroupName> groupsOf(VpcName vpc) {
        return sim.promises.tree.groups.values().stream()
                .filter(group -> group.vpc().equals(vpc) && !sim.chance.oneIn(4))
                .map(GroupRecord::name)
                .toList();
    }

    private Optional<Request> groupOf(VpcName vpc) {
        return sim.promises.tree.vpcs.containsKey(vpc) ? Optional.of(group(vpc, plugs())) : Optional.empty();
    }

    private List<Plug> plugs() {
        return sim.promises.tree.plugs.values().stream()
                .flatMap(held -> held.value().plugs().stream())
                .toList();
    }

    private Request group(VpcName vpc, List<Plug> plugs) {
        GroupName name = sim.chance.of(GROUPS);
        if (!sim.promises.tree.groups.containsKey(name)) {
            return new Request.GroupCreate(name, vpc);
        }
        return switch (sim.chance.below(8)) {
            case 0, 1 -> new Request.GroupDelete(name);
            case 2, 3 -> new Request.GroupRuleChange(name, !sim.chance.oneIn(4), sim.chance.of(RULES));
            default ->
                plugs.isEmpty()
                        ? new Request.GroupDelete(name)
                        : new Request.GroupApply(
                                name,
                                !sim.chance.oneIn(4),
                                List.of(sim.chance.of(plugs).eni()));
        };
    }

    private int size() {
        int most = sim.chance.below(nodes);
        return 1 + Math.min(most, sim.chance.below(nodes));
    }

    private ClusterSpec spec(ClusterName name) {
        ClusterSpec spec = ClusterSpec.of(name.value(), size())
                .withOnFailure(
                        sim.chance.oneIn(4)
                                ? OnFailure.REPLACE
                                : sim.chance.of(List.of(OnFailure.ROLLBACK, OnFailure.REPLACE, OnFailure.KEEP)))
                .withVerify(
                        sim.chance.oneIn(4)
                                ? Pattern.FULL
                                : sim.chance.of(List.of(Pattern.FULL, Pattern.QUICK, Pattern.OFF)));
        List<VpcName> vpcs = List.copyOf(sim.promises.tree.vpcs.keySet());
        return switch (sim.chance.below(10)) {
            case 3, 4 ->
                vpcs.isEmpty() ? spec : spec.withVpc(sim.chance.of(vpcs).value());
            case 8, 9 -> spec.withUsers(List.of(sim.chance.of(USERS)));
            case 0 -> spec.withArrange(Arrange.How.SPREAD, "rack");
            case 1 -> spec.withArrange(Arrange.How.PACK, "rack");
            case 2 -> spec.withSelect(Map.of("rack", "r1"));
            default -> spec;
        };
    }
}
