package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Whether somebody may have what he asks for. Viewers change nothing; users act on clusters that are theirs, that name them or
 * that an administrator has given them, within their quota of nodes; operators and admins on all. Pure.
 */
public record Permission(Asker asker, World world) {

    /** Why not; empty if he may. */
    public Optional<RequestPlanner.Answer.Refuse> objection(Request request) {
        return switch (asker) {
            case Asker.Unproven _ -> Optional.empty();
            case Asker.Proven proven ->
                switch (proven.who().role()) {
                    case ADMIN, OPERATOR -> Optional.empty();
                    case USER -> ofUser(proven, request);
                    case NODE -> ofNode(proven.who(), request);
                    case VIEWER, SERVER, KEEPER -> no(proven.who() + " changes nothing in a pool");
                };
        };
    }

    private Optional<RequestPlanner.Answer.Refuse> ofUser(Asker.Proven user, Request request) {
        if (user.self().isEmpty()) {
            return no(user.who() + " is not known any more");
        }
        return switch (request) {
            case Request.VpcCreate _ -> Optional.empty();
            case Request.VpcDelete delete -> ofVpc(user, delete.name());
            case Request.GroupCreate create -> ofVpc(user, create.vpc());
            case Request.GroupRuleChange change -> ofGroup(user, change.group());
            case Request.GroupApply apply -> ofGroup(user, apply.group());
            case Request.GroupDelete delete -> ofGroup(user, delete.group());
            case Request.Create create ->
                ofVpc(user, new VpcName(create.spec().vpcName()))
                        .or(() -> overQuota(user, user.who(), create.spec().nodes(), _ -> false));
            case Request.Scale scale -> {
                Optional<ClusterRecord> cluster = cluster(request);
                yield cluster.flatMap(this::stranger)
                        .or(() -> cluster.flatMap(there -> growth(user, there, scale.nodes())));
            }
            case Request.Delete _ -> cluster(request).flatMap(this::stranger);
            case Request.Cordon _,
                    Request.Uncordon _,
                    Request.Label _,
                    Request.Collect _,
                    Request.Forget _,
                    Request.EniAttach _,
                    Request.EniDetach _,
                    Request.EniMove _ -> no(user.who() + " may not ask for that: it is for admins, operators");
        };
    }

    /** A node puts its own containers into VPCs that are open to them, and takes them out again; nothing else. */
    private Optional<RequestPlanner.Answer.Refuse> ofNode(Principal node, Request request) {
        return switch (request) {
            case Request.EniAttach attach
            when attach.attachment().isPresent()
                    && attach.place().filter(NamespaceFile.class::isInstance).isPresent()
                    && attach.node().value().equals(node.name()) ->
                Optional.ofNullable(world.vpcs().get(attach.vpc()))
                        .filter(vpc -> !vpc.value().containers())
                        .flatMap(_ -> no("VPC " + attach.vpc() + " is not open to containers of nodes: it was made"
                                + " without --containers"));
            case Request.EniDetach detach ->
                world.placeOf(detach.eni())
                        .flatMap(place -> world.plugs(place)
                                .of(detach.eni())
                                .filter(plug -> !(place.value().equals(node.name())
                                        && plug.attachment().isPresent()
                                        && plug.owner().filter(node::equals).isPresent())))
                        .flatMap(_ -> no(detach.eni() + " is not of a container that " + node + " has attached"));
            case Request.EniAttach _,
                    Request.Create _,
                    Request.Scale _,
                    Request.Delete _,
                    Request.Cordon _,
                    Request.Uncordon _,
                    Request.Label _,
                    Request.Collect _,
                    Request.Forget _,
                    Request.VpcCreate _,
                    Request.VpcDelete _,
                    Request.EniMove _,
                    Request.GroupCreate _,
                    Request.GroupRuleChange _,
                    Request.GroupApply _,
                    Request.GroupDelete _ -> no(node + " changes nothing in a pool but ENIs of its own containers");
        };
    }

    /** A VPC that lives by itself is joined, and taken away, by whoever has made it. */
    private Optional<RequestPlanner.Answer.Refuse> ofVpc(Asker.Proven user, VpcName name) {
        return Optional.ofNullable(world.vpcs().get(name))
                .filter(vpc -> vpc.value().owner().filter(user.who()::equals).isEmpty())
                .flatMap(_ -> no("VPC " + name + " is not " + user.who() + "'s"));
    }

    /** Security groups are changed by whoever has made the VPC. */
    private Optional<RequestPlanner.Answer.Refuse> ofGroup(Asker.Proven user, GroupName name) {
        return Optional.ofNullable(world.groups().get(name))
                .flatMap(held -> ofVpc(user, held.value().vpc()));
    }

    private Optional<ClusterRecord> cluster(Request request) {
        return request.about().map(world.clusters()::get).map(Held::value);
    }

    private Optional<RequestPlanner.Answer.Refuse> stranger(ClusterRecord cluster) {
        return mayUse(cluster) ? Optional.empty() : no(notHis(asker, cluster));
    }

    /** Why a cluster is none of somebody's business, as a sentence. */
    public static String notHis(Asker asker, ClusterRecord cluster) {
        return "cluster " + cluster.name() + " is not one of "
                + asker.principal().map(Principal::toString).orElse("nobody") + ": neither its owner, nor named by it";
    }

    /** Whether the cluster is one that he may act on, and see all of. */
    public boolean mayUse(ClusterRecord cluster) {
        return switch (asker) {
            case Asker.Unproven _ -> true;
            case Asker.Proven proven ->
                switch (proven.who().role()) {
                    case ADMIN, OPERATOR -> true;
                    case USER ->
                        proven.self()
                                .filter(self -> his(proven.who(), self.value().rights(), cluster))
                                .isPresent();
                    case VIEWER, SERVER, NODE, KEEPER -> false;
                };
        };
    }

    /** Whether he may see all of the cluster. */
    public boolean maySee(ClusterRecord cluster) {
        return mayUse(cluster)
                || asker.principal().filter(who -> who.role() != Role.USER).isPresent();
    }

    /** Why he may not see what packets of its ENIs do; empty if he may: a user of his own VPCs, everybody else of all. */
    public Optional<String> objectionToPacketsOf(GroupName group) {
        return asker instanceof Asker.Proven user && user.who().role() == Role.USER
                ? ofGroup(user, group).map(RequestPlanner.Answer.Refuse::why)
                : Optional.empty();
    }

    /** Whether he may see what is on the node: a user, if it is a member of one of his clusters. */
    public boolean maySee(NodeName node) {
        return asker.principal().filter(who -> who.role() == Role.USER).isEmpty()
                || world.clusters().values().stream()
                        .map(Held::value)
                        .anyMatch(cluster -> cluster.members().contains(node) && maySee(cluster));
    }

    private static boolean his(Principal user, Rights rights, ClusterRecord cluster) {
        return cluster.owner().filter(user::equals).isPresent()
                || cluster.spec().users().contains(user.name())
                || rights.clusters().contains(cluster.name().value());
    }

    /** Nodes that a cluster gets count as its owner's, and must also be within the quota of whoever adds them. */
    private Optional<RequestPlanner.Answer.Refuse> growth(Asker.Proven user, ClusterRecord cluster, int nodes) {
        if (nodes <= wanted(cluster)) {
            return Optional.empty();
        }
        Predicate<ClusterRecord> itself = other -> other.name().equals(cluster.name());
        return overQuota(user, user.who(), nodes, itself)
                .or(() -> cluster.owner().flatMap(owner -> overQuota(user, owner, nodes, itself)));
    }

    /**
     * What a person's clusters would have together, if that is too much.
     *
     * @param nodes of the one that is asked for
     * @param itself those that it takes the place of
     */
    private Optional<RequestPlanner.Answer.Refuse> overQuota(
            Asker.Proven asker, Principal person, int nodes, Predicate<ClusterRecord> itself) {
        Optional<Integer> quota =
                asker.of(person).flatMap(held -> held.value().rights().quota());
        int others = world.clusters().values().stream()
                .map(Held::value)
                .filter(cluster -> cluster.owner().filter(person::equals).isPresent())
                .filter(itself.negate())
                .mapToInt(Permission::wanted)
                .sum();
        return quota.filter(most -> others + nodes > most)
                .map(most -> new RequestPlanner.Answer.Refuse(
                        Refusal.OVER_QUOTA,
                        "clusters of " + person + " would have " + (others + nodes) + " nodes, and may have " + most
                                + " together"));
    }

    /** A cluster has its nodes until the last of them has left it. */
    private static int wanted(ClusterRecord cluster) {
        return Math.max(cluster.spec().nodes(), cluster.members().size());
    }

    private static Optional<RequestPlanner.Answer.Refuse> no(String why) {
        return Optional.of(new RequestPlanner.Answer.Refuse(Refusal.NOT_ENTITLED, why));
    }

    /** What it holds only with: nothing that the tree holds of those people may have changed when a decision is written. */
    List<Change> conditions() {
        return switch (asker) {
            case Asker.Unproven _ -> List.of();
            case Asker.Proven proven -> {
                List<Change> conditions = new ArrayList<>();
                new TreeMap<>(proven.people())
                        .forEach((name, held) -> conditions.add(new Change.Rely(
                                name,
                                held.version(),
                                Optional.ofNullable(proven.putOuts().get(name)))));
                yield List.copyOf(conditions);
            }
        };
    }
}
