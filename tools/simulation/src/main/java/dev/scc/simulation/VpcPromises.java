package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.host.Ip;
import dev.scc.host.Ipv6;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.vpc.EniFilter;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.HandedFilter;
import dev.scc.vpc.Tunnel;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What holds of VPCs that live by themselves: a VNI is one VPC's, an address is at one place, and nothing is there after delete. */
final class VpcPromises {
    private final Simulation sim;
    private final Mirror tree;
    /** Names of ENIs that have been in some group for as long as they are there. */
    private final Set<String> filtered = new HashSet<>();

    VpcPromises(Simulation sim, Mirror tree) {
        this.sim = sim;
        this.tree = tree;
    }

    /** What holds of all entries at once, after each transaction. */
    void consistent() {
        Set<Integer> vnis = new HashSet<>();
        for (VpcRecord vpc : tree.vpcs.values()) {
            require(vnis.add(vpc.vni().value()), "P10", () -> vpc + " has the VNI of another VPC");
            require(vpc.vni().value() >= VpcRecord.FIRST_VNI, "P10", () -> vpc + " has a number of clusters");
            placed(vpc);
        }
        for (String path : tree.holdings.keySet()) {
            VpcName vpc = new VpcName(path.substring(Paths.VPCS.length() + 1, path.lastIndexOf('/')));
            require(tree.vpcs.containsKey(vpc), "P10", () -> path + " is of a VPC that is not there");
        }
        tree.clusters.values().forEach(this::holds);
        plugged();
        grouped();
    }

    /** A group is of a VPC that is there, and so is every group that an ENI is in, or that a rule is about. */
    private void grouped() {
        for (GroupRecord group : tree.groups.values()) {
            require(tree.vpcs.containsKey(group.vpc()), "P7", () -> group + " is of a VPC that is not there");
            group.rules().stream().flatMap(rule -> rule.about().stream()).forEach(name -> of(name, group.vpc(), group));
        }
        tree.holdings.forEach((path, holding) -> holding.groups()
                .forEach(name -> of(name, new VpcName(Mirror.last(path.substring(0, path.lastIndexOf('/')))), path)));
    }

    private void of(GroupName name, VpcName vpc, Object user) {
        GroupRecord group = tree.groups.get(name);
        require(
                group != null && group.vpc().equals(vpc),
                "P7",
                () -> user + " has to do with group " + name + " of VPC " + vpc + ", which is " + group);
    }

    /** Whether an ENI is in some group, after each transaction: those that always were are never without a filter. */
    void held(String path, Optional<Holding> before) {
        Holding now = tree.holdings.get(path);
        if (before.isEmpty() && now != null && !now.groups().isEmpty()) {
            filtered.add(Mirror.last(path));
        }
        if (now == null || now.groups().isEmpty()) {
            filtered.remove(Mirror.last(path));
        }
    }

    /** Of what is there in an older tree, nobody knows how long it was so. */
    void setBack() {
        filtered.clear();
    }

    /** An ENI that is in a group gets its address behind its filter. */
    void addressed(Hardware hardware, NetObject.Address address) {
        tree.plugs(hardware.node).stream()
                .filter(plug -> plug.device().equals(address.link())
                        && plug.addresses().all().contains(address.address()))
                .filter(plug -> filtered.contains(plug.eni().value()) && !hardware.ahead && !hardware.silent)
                .forEach(plug -> {
                    require(
                            hardware.objects().containsKey("nft:" + EniFilter.tableOf(plug.device())),
                            "P7",
                            () -> plug + " gets its address on " + hardware + " without a filter");
                    sim.tally.ends.merge("ENI gets its address behind its filter", 1L, Long::sum);
                });
    }

    /** What an encrypted VPC sends goes through tunnels, from the first packet on. */
    void carried(Hardware hardware, LinkKind.Vxlan overlay) {
        tree.vpcs.values().stream()
                .filter(vpc -> vpc.vni().value() == overlay.vni() && !hardware.ahead && !hardware.strays)
                .forEach(vpc -> {
                    require(
                            vpc.encrypted() == overlay.underlay().equals(Tunnel.DEVICE)
                                    && vpc.encrypted() == overlay.local() instanceof Ipv6,
                            "P7",
                            () -> overlay + " on " + hardware + " carries " + vpc);
                    sim.tally.ends.merge(vpc.encrypted() ? "encrypted overlay" : "plain overlay", 1L, Long::sum);
                });
    }

    /** An ENI is on one node, and has its address while it is there. */
    private void plugged() {
        Set<String> paths = new HashSet<>();
        Set<EniId> awaited = new HashSet<>();
        tree.plugs.forEach((node, held) -> held.value().plugs().forEach(plug -> {
            if (!plug.here()) {
                require(awaited.add(plug.eni()), "P10", () -> plug + " is awaited on " + node + " and elsewhere");
                return;
            }
            String path =
                    Paths.holding(new VpcName(plug.vpc().name()), plug.eni().value());
            Holding holding = tree.holdings.get(path);
            require(
                    paths.add(path)
                            && holding != null
                            && holding.addresses().equals(plug.addresses().all())
                            && plug.vpc().cidr6().isPresent()
                                    == !plug.addresses().sixes().isEmpty()
                            && holding.members().getFirst().node().equals(node),
                    "P10",
                    () -> plug + " of " + node + " is twice there, or not where " + holding + " says");
        }));
        tree.holdings.keySet().stream()
                .filter(path -> Mirror.last(path).startsWith(EniId.PREFIX))
                .forEach(path -> require(paths.contains(path), "P10", () -> path + " is of no node's ENI"));
        awaited.forEach(eni -> require(
                paths.stream().anyMatch(path -> Mirror.last(path).equals(eni.value())),
                "P10",
                () -> eni + " is awaited, and on no node"));
    }

    /** An agent says that the ENIs of its node are there, and no others. */
    void said(Hardware hardware, PlugStatus status) {
        Mirror.Held<NodePlugs> held = tree.plugs.get(hardware.node);
        if (status.failed().isPresent() || held == null || held.version() != status.plugs()) {
            return;
        }
        Map<String, Set<Ip>> wanted = new TreeMap<>();
        held.value().wanted().stream()
                .filter(plug -> status.homeless(plug.slot()).isEmpty())
                .forEach(plug ->
                        wanted.put(plug.device(), new TreeSet<>(plug.addresses().all())));
        behindRules(hardware, held.value().wanted());
        besideMember(hardware, held.value().wanted());
        Map<String, Set<Ip>> there = new TreeMap<>(hardware.enis());
        there.remove("eni0");
        require(
                wanted.equals(there) || hardware.rebooted,
                "an acknowledgement is true",
                () -> hardware + " says " + status + " to " + held + ", and has " + there);
        sim.tally.ends.merge(wanted.isEmpty() ? "node says no ENI" : "node says ENIs there", 1L, Long::sum);
    }

    /** What is in others' namespaces is behind its rules, and the node has as many ENIs in a VPC as namespaces for them. */
    private void behindRules(Hardware hardware, List<Plug> plugs) {
        Set<Integer> vnis = new HashSet<>();
        for (Plug plug : plugs) {
            if (!vnis.add(plug.vpc().vni().value())) {
                sim.tally.ends.merge("node says two ENIs of one VPC there", 1L, Long::sum);
            }
        }
        hardware.kernel
                .handed()
                .keySet()
                .forEach(end -> require(
                        hardware.silent
                                || hardware.rebooted
                                || hardware.objects().containsKey("nft:" + HandedFilter.tableOf(end)),
                        "P7",
                        () -> end + " of " + hardware + " is in somebody's namespace without rules"));
    }

    /** Of two addresses of one network in one namespace each answers for the other. */
    private void besideMember(Hardware hardware, List<Plug> plugs) {
        if (!(hardware.objects().get("link:" + VpcPlan.OF_CLUSTER) instanceof NetObject.Link member)) {
            return;
        }
        for (Plug plug : plugs) {
            if (member.kind().below().equals(VpcPlan.overlay(plug.vpc()))) {
                require(
                        plug.place().isPresent() || hardware.rebooted,
                        "P10",
                        () -> plug + " is on " + hardware + " where its cluster has an address of that VPC");
                sim.tally.ends.merge("node says ENIs beside its cluster's address", 1L, Long::sum);
            }
        }
    }

    private void placed(VpcRecord vpc) {
        Map<Ip, String> places = new HashMap<>();
        tree.holdings.forEach((path, holding) -> {
            if (Mirror.under(path, Paths.vpc(vpc.name()))) {
                for (Ip address : holding.addresses()) {
                    String before = places.put(address, path);
                    require(
                            before == null && vpc.network().hosts(address),
                            "P10",
                            () -> address + " of " + path + " is held by " + before + ", in " + vpc);
                }
                sim.tally.ends.merge(
                        holding.members().stream()
                                        .anyMatch(member -> member.more().size() > 1)
                                ? "holding with several addresses"
                                : "holding",
                        1L,
                        Long::sum);
            }
        });
    }

    /** What members of a cluster build is theirs. */
    private void holds(ClusterRecord cluster) {
        Optional<Roster> roster =
                tree.roster(cluster.name(), cluster.revision()).filter(known -> VpcRecord.standsAlone(known.vpc()));
        roster.ifPresent(known -> {
            Holding holding = tree.holdings.get(
                    Paths.holding(new VpcName(known.vpc().name()), Holding.ofCluster(cluster.network())));
            List<Ip> held = holding == null ? List.of() : holding.addresses();
            require(
                    held.containsAll(known.members().stream()
                            .flatMap(member -> member.in(known.vpc()).addresses().all().stream())
                            .toList()),
                    "P10",
                    () -> cluster.name() + " has " + known.members() + ", and holds " + held);
            sim.tally.ends.merge("cluster in a shared VPC", 1L, Long::sum);
        });
    }

    /** Whether a machine has ENIs that are not its node's, or with other addresses. */
    static boolean strays(Hardware hardware, Mirror tree) {
        Map<String, Set<Ip>> known = new HashMap<>();
        tree.plugs(hardware.node)
                .forEach(plug ->
                        known.put(plug.device(), Set.copyOf(plug.addresses().all())));
        return hardware.enis().entrySet().stream()
                .anyMatch(eni -> !eni.getKey().equals(VpcPlan.OF_CLUSTER)
                        && !known.getOrDefault(eni.getKey(), Set.of()).containsAll(eni.getValue()));
    }

    /** Its VNI may be another's now. */
    void gone(VpcRecord vpc) {
        for (Hardware hardware : sim.hardware) {
            hardware.strays &= strays(hardware, tree);
            require(
                    hardware.ahead
                            || hardware.strays
                            || !vnis(hardware).contains(vpc.vni().value()),
                    "P10",
                    () -> "VPC " + vpc.name() + " is gone, but " + hardware + " bears "
                            + hardware.objects().keySet());
        }
        sim.tally.ends.merge("VPC gone", 1L, Long::sum);
    }

    /** Of the VPCs that live by themselves, those that a machine has a part of. */
    static Set<Integer> vnis(Hardware hardware) {
        Set<Integer> vnis = new HashSet<>();
        for (NetObject object : hardware.objects().values()) {
            if (object instanceof NetObject.Link link
                    && link.kind() instanceof LinkKind.Vxlan vxlan
                    && vxlan.vni() >= VpcRecord.FIRST_VNI) {
                vnis.add(vxlan.vni());
            }
        }
        return vnis;
    }
}
