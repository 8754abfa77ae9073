package dev.scc.cluster.plan;

import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.GroupChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.plan.RequestPlanner.Answer;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr6;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.Traffic;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes, changes, applies and removes security groups. Pure. */
record GroupKeeping(World world, long at) {

    Answer create(Request.GroupCreate create, Optional<Principal> owner, String id) {
        GroupName name = create.group();
        if (world.groups().containsKey(name)) {
            return new Answer.Refuse(
                    Refusal.NAME_TAKEN, "there is a security group " + name + " already; choose another name");
        }
        Vpc vpc = world.vpcs().get(create.vpc());
        if (vpc == null || world.hidesGroups()) {
            return vpc == null
                    ? new Answer.Refuse(
                            Refusal.UNKNOWN, "there is no VPC " + create.vpc() + " that scc vpc create has made")
                    : unreadable();
        }
        long others = world.groups().values().stream()
                .filter(held -> held.value().vpc().equals(create.vpc()))
                .count();
        if (others >= GroupRecord.MOST_OF_VPC) {
            return new Answer.Refuse(
                    Refusal.INVALID,
                    "VPC " + create.vpc() + " has " + others + " security groups, and may have "
                            + GroupRecord.MOST_OF_VPC);
        }
        GroupRecord group = new GroupRecord(
                name,
                create.vpc(),
                vpc.value().cidr6().isPresent()
                        ? List.of(GroupRule.ALL_OUT, GroupRule.ALL_OUT_6)
                        : List.of(GroupRule.ALL_OUT),
                owner,
                at);
        return new Answer.Commit(List.of(done(id), new GroupChange.Begin(group, vpc.record())));
    }

    Answer rule(Request.GroupRuleChange change, String id) {
        Held<GroupRecord> held = world.groups().get(change.group());
        if (held == null) {
            return unknown(change.group());
        }
        GroupRecord group = held.value();
        GroupRule rule = change.rule();
        List<GroupRule> next = new ArrayList<>(group.rules());
        if (!change.add()) {
            return next.remove(rule)
                    ? new Answer.Commit(List.of(done(id), new GroupChange.Rewrite(held, group.with(next))))
                    : new Answer.Refuse(Refusal.UNKNOWN, "group " + group.name() + " has no rule " + rule);
        }
        if (next.contains(rule)) {
            return new Answer.Refuse(Refusal.INVALID, "group " + group.name() + " has the rule " + rule + " already");
        }
        if (next.size() >= GroupRecord.MOST_RULES) {
            return new Answer.Refuse(
                    Refusal.INVALID,
                    "group " + group.name() + " has " + next.size() + " rules, and may have " + GroupRecord.MOST_RULES);
        }
        if (!fits(rule, group.vpc())) {
            return new Answer.Refuse(
                    Refusal.DOES_NOT_FIT, "VPC " + group.vpc() + " has no IPv6, which the rule " + rule + " is about");
        }
        List<Change> changes = new ArrayList<>();
        changes.add(done(id));
        Optional<GroupName> about = rule.about().filter(name -> !name.equals(group.name()));
        if (about.isPresent()) {
            Held<GroupRecord> peers = world.groups().get(about.get());
            if (peers == null || !peers.value().vpc().equals(group.vpc())) {
                return new Answer.Refuse(
                        Refusal.UNKNOWN, "VPC " + group.vpc() + " has no security group " + about.get());
            }
            changes.add(new GroupChange.Rely(peers));
        }
        next.add(rule);
        changes.add(new GroupChange.Rewrite(held, group.with(next)));
        return new Answer.Commit(changes);
    }

    /** Nobody of the VPC sends or gets what a rule about IPv6 lets through, if the VPC has none. */
    private boolean fits(GroupRule rule, VpcName vpc) {
        boolean six = rule.traffic().protocol() == Traffic.Protocol.ICMPV6
                || (rule.peer() instanceof GroupRule.Peer.Network network && network.cidr() instanceof Cidr6);
        return !six
                || Optional.ofNullable(world.vpcs().get(vpc))
                        .filter(known -> known.value().cidr6().isEmpty())
                        .isEmpty();
    }

    Answer apply(Request.GroupApply apply, String id) {
        Held<GroupRecord> held = world.groups().get(apply.group());
        if (held == null) {
            return unknown(apply.group());
        }
        VpcName vpc = held.value().vpc();
        List<Change> changes = new ArrayList<>(List.of(done(id), new GroupChange.Rely(held)));
        for (EniId eni : apply.enis()) {
            Optional<Held<Holding>> there = Optional.ofNullable(world.vpcs().get(vpc))
                    .map(known -> known.holdings().get(eni.value()));
            Optional<Answer.Refuse> objection = objection(eni, vpc, there);
            if (objection.isPresent()) {
                return objection.get();
            }
            Holding holding = there.orElseThrow().value();
            Set<GroupName> next = new TreeSet<>(holding.groups());
            boolean news = apply.apply() ? next.add(apply.group()) : next.remove(apply.group());
            if (!apply.apply() && !news) {
                return new Answer.Refuse(Refusal.UNKNOWN, eni + " is not in group " + apply.group());
            }
            if (next.size() > GroupRecord.MOST_OF_ENI) {
                return new Answer.Refuse(Refusal.INVALID, tooMany(eni.value(), next.size()));
            }
            if (news) {
                changes.add(new VpcChange.Hold(vpc, eni.value(), there, holding.in(List.copyOf(next))));
            }
        }
        return new Answer.Commit(changes);
    }

    private Optional<Answer.Refuse> objection(EniId eni, VpcName vpc, Optional<Held<Holding>> there) {
        Optional<Plug> plug = world.plug(eni);
        if (plug.isEmpty()) {
            return Optional.of(new Answer.Refuse(Refusal.UNKNOWN, "there is no ENI " + eni));
        }
        if (there.isEmpty()) {
            return Optional.of(new Answer.Refuse(
                    Refusal.DOES_NOT_FIT, eni + " is in VPC " + plug.get().vpc().name() + ", and the group in " + vpc));
        }
        return plug.get().phase() == Plug.Phase.DETACHING
                ? Optional.of(new Answer.Refuse(Refusal.BUSY, eni + " is being detached"))
                : Optional.empty();
    }

    Answer delete(GroupName name, String id) {
        Held<GroupRecord> held = world.groups().get(name);
        if (held == null) {
            return unknown(name);
        }
        if (world.hidesGroups() || world.hides(held.value().vpc())) {
            return unreadable();
        }
        List<String> users = users(name);
        return users.isEmpty()
                ? new Answer.Commit(List.of(done(id), new GroupChange.Remove(held)))
                : new Answer.Refuse(
                        Refusal.BUSY, "security group " + name + " is in use by " + String.join(", ", users));
    }

    /** The ENIs in a group, and the other groups with rules about it. */
    private List<String> users(GroupName name) {
        List<String> users = new ArrayList<>();
        world.vpcs().values().stream()
                .flatMap(vpc -> vpc.holdings().values().stream())
                .filter(held -> held.value().groups().contains(name))
                .forEach(held -> users.add(held.value().who()));
        world.groups().values().stream()
                .map(Held::value)
                .filter(group -> !group.name().equals(name))
                .filter(group ->
                        group.rules().stream().anyMatch(rule -> rule.about().equals(Optional.of(name))))
                .forEach(group -> users.add("a rule of group " + group.name()));
        return users;
    }

    /** Why an ENI cannot begin with these groups of the VPC; empty if it can. */
    static Optional<Answer.Refuse> objection(World world, VpcName vpc, List<GroupName> groups) {
        if (groups.size() > GroupRecord.MOST_OF_ENI) {
            return Optional.of(new Answer.Refuse(Refusal.INVALID, tooMany("the ENI", groups.size())));
        }
        return groups.stream()
                .filter(name -> held(world, name)
                        .filter(held -> held.value().vpc().equals(vpc))
                        .isEmpty())
                .findFirst()
                .map(name -> new Answer.Refuse(Refusal.UNKNOWN, "VPC " + vpc + " has no security group " + name));
    }

    /** What an ENI that begins with these groups relies on. */
    static List<Change> conditions(World world, List<GroupName> groups) {
        return groups.stream()
                .flatMap(name -> held(world, name).stream())
                .<Change>map(GroupChange.Rely::new)
                .toList();
    }

    /** The groups of a VPC, for who wants to take it away. */
    static Set<String> of(World world, VpcName vpc) {
        return world.groups().values().stream()
                .filter(held -> held.value().vpc().equals(vpc))
                .map(held -> "security group " + held.value().name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<Held<GroupRecord>> held(World world, GroupName name) {
        return Optional.ofNullable(world.groups().get(name));
    }

    private static String tooMany(String who, int groups) {
        return who + " would be in " + groups + " security groups, and may be in " + GroupRecord.MOST_OF_ENI;
    }

    private static Answer.Refuse unreadable() {
        return new Answer.Refuse(
                Refusal.DOES_NOT_FIT,
                "something below " + Paths.GROUPS + " or the VPC cannot be read, so nobody knows who uses it; mend that"
                        + " first");
    }

    private static Answer.Refuse unknown(GroupName name) {
        return new Answer.Refuse(Refusal.UNKNOWN, "there is no security group " + name);
    }

    private Change done(String id) {
        return new RequestChange.TakeUp(id, new Outcome.Done(at, List.of()));
    }
}
