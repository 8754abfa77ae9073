package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Request;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.simulation.zk.Change;
import dev.scc.simulation.zk.Transaction;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** No cluster changes, and no node, by the request of somebody who was not entitled to that when it was taken up. */
final class EntitlementPromises {
    private static final String PROMISE = "entitled";

    private final Mirror tree;

    EntitlementPromises(Mirror tree) {
        this.tree = tree;
    }

    /** @param before how clusters were that the same transaction has changed */
    void takenUp(String id, Map<ClusterName, Optional<ClusterRecord>> before, Transaction transaction) {
        String caller = Objects.requireNonNull(tree.callers.get(id));
        Request request = Objects.requireNonNull(tree.requests.get(id));
        Role role = Principal.of(caller).role();
        if (request instanceof Request.Create create) {
            ClusterRecord cluster = now(create.spec().name());
            require(
                    cluster.owner().map(Principal::toString).equals(Optional.of(caller)),
                    PROMISE,
                    () -> id + " is of " + caller + ", and its cluster of " + cluster.owner());
        }
        if (role == Role.ADMIN || role == Role.OPERATOR) {
            return;
        }
        String name = Principal.of(caller).name();
        PersonRecord person = tree.people.get(name);
        require(
                role == Role.USER && person != null && person.role() == role,
                PROMISE,
                () -> id + " is taken up, and " + caller + " is " + person);
        Rights rights = Objects.requireNonNull(person).rights();
        switch (request) {
            case Request.VpcCreate _ -> {}
            case Request.GroupCreate create -> own(id, caller, vpc(create.vpc()));
            case Request.GroupRuleChange change -> own(id, caller, vpcOf(change.group()));
            case Request.GroupApply apply -> own(id, caller, vpcOf(apply.group()));
            case Request.GroupDelete delete ->
                own(
                        id,
                        caller,
                        removed(transaction, Paths.group(delete.group()), GroupRecord.class)
                                .flatMap(group -> vpc(group.vpc())));
            case Request.VpcDelete delete ->
                own(id, caller, removed(transaction, Paths.vpc(delete.name()), VpcRecord.class));
            case Request.Create create -> {
                own(
                        id,
                        caller,
                        Optional.ofNullable(
                                tree.vpcs.get(new VpcName(create.spec().vpcName()))));
                withinQuota(id, caller, rights.quota());
            }
            case Request.Scale scale -> {
                ClusterRecord cluster = now(scale.cluster());
                his(id, caller, name, rights, cluster);
                int had = before.getOrDefault(scale.cluster(), Optional.empty())
                        .map(EntitlementPromises::nodes)
                        .orElseGet(() -> nodes(cluster));
                if (nodes(cluster) > had) {
                    cluster.owner().ifPresent(owner -> {
                        PersonRecord of = tree.people.get(owner.name());
                        withinQuota(
                                id,
                                owner.toString(),
                                owner.role() == Role.USER && of != null
                                        ? of.rights().quota()
                                        : Optional.empty());
                    });
                    rights.quota()
                            .ifPresent(most -> require(
                                    nodes(cluster) <= most,
                                    PROMISE,
                                    () -> id + " gives " + cluster.name() + " " + nodes(cluster) + " nodes, and "
                                            + caller + " may have " + most));
                }
            }
            case Request.Delete delete -> his(id, caller, name, rights, now(delete.cluster()));
            case Request.Cordon _,
                    Request.Uncordon _,
                    Request.Label _,
                    Request.Collect _,
                    Request.Forget _,
                    Request.EniAttach _,
                    Request.EniDetach _,
                    Request.EniMove _ -> throw new BrokenPromise(PROMISE, id + " is taken up, and is of " + caller);
        }
    }

    private Optional<VpcRecord> vpc(VpcName name) {
        return Optional.ofNullable(tree.vpcs.get(name));
    }

    private Optional<VpcRecord> vpcOf(GroupName name) {
        return Optional.ofNullable(tree.groups.get(name)).flatMap(group -> vpc(group.vpc()));
    }

    private static <T> Optional<T> removed(Transaction transaction, String path, Class<T> type) {
        return transaction.changes().stream()
                .filter(change -> change.path().equals(path))
                .findFirst()
                .flatMap(Change::before)
                .map(entry -> entry.read(type));
    }

    private static void own(String id, String caller, Optional<VpcRecord> vpc) {
        vpc.ifPresent(there -> require(
                there.owner().map(Principal::toString).equals(Optional.of(caller)),
                PROMISE,
                () -> id + " is of " + caller + ", and VPC " + there.name() + " of " + there.owner()));
    }

    private ClusterRecord now(ClusterName name) {
        return Objects.requireNonNull(tree.clusters.get(name));
    }

    private static void his(String id, String caller, String name, Rights rights, ClusterRecord cluster) {
        require(
                cluster.owner().map(Principal::toString).equals(Optional.of(caller))
                        || cluster.spec().users().contains(name)
                        || rights.clusters().contains(cluster.name().value()),
                PROMISE,
                () -> id + " is of " + caller + ", and " + cluster.name() + " of " + cluster.owner() + " and "
                        + cluster.spec().users());
    }

    private void withinQuota(String id, String owner, Optional<Integer> quota) {
        int all = tree.clusters.values().stream()
                .filter(cluster -> cluster.owner().map(Principal::toString).equals(Optional.of(owner)))
                .mapToInt(EntitlementPromises::nodes)
                .sum();
        quota.ifPresent(most -> require(
                all <= most,
                PROMISE,
                () -> "with " + id + " " + owner + " has " + all + " nodes, and may have " + most));
    }

    private static int nodes(ClusterRecord cluster) {
        return Math.max(cluster.members().size(), cluster.spec().nodes());
    }
}
