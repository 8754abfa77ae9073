package dev.scc.cluster.front;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.plan.Asker;
import dev.scc.cluster.plan.Permission;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Permit;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.People;
import dev.scc.cluster.world.World;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What callers may see and use, by what a server's tree holds of them. Of changes the controller decides. */
final class Permissions {
    private final Tree tree;

    Permissions(Tree tree) {
        this.tree = tree;
    }

    /** @param world read before, so that the tree is as young as the call */
    Permission of(Caller caller, World world) throws ConnectionLost, InterruptedException {
        Optional<Principal> who = caller.principal();
        if (!caller.guarded() || who.isEmpty()) {
            return new Permission(new Asker.Unproven(), world);
        }
        return new Permission(
                new Asker.Proven(who.get(), People.read(tree, Asker.concerned(who.get(), Optional.empty())), Map.of()),
                world);
    }

    /** @throws RpcFailed of kind NOT_ENTITLED if the cluster is none that the caller may see */
    void requireSight(Caller caller, World world, ClusterRecord cluster)
            throws ConnectionLost, RpcFailed, InterruptedException {
        Permission permission = of(caller, world);
        require(permission.maySee(cluster), permission, cluster);
    }

    /** @throws RpcFailed of kind NOT_ENTITLED if the cluster is none that the caller may use */
    void requireUse(Caller caller, World world, ClusterRecord cluster)
            throws ConnectionLost, RpcFailed, InterruptedException {
        Permission permission = of(caller, world);
        require(permission.mayUse(cluster), permission, cluster);
    }

    /**
     * By what nodes of the cluster take the caller for somebody who may run jobs there; empty if certificates do not count.
     *
     * @param asRoot whether he asks for root's rights
     * @throws RpcFailed of kind NOT_ENTITLED if he may not, or not like that
     */
    Optional<Permit> permit(Caller caller, World world, ClusterRecord cluster, boolean asRoot, long now)
            throws ConnectionLost, RpcFailed, InterruptedException {
        requireUse(caller, world, cluster);
        if (!caller.guarded()) {
            return Optional.empty();
        }
        Principal who = caller.principal().orElseThrow();
        if (asRoot && who.role() != Role.ADMIN) {
            throw new RpcFailed(RpcFailed.Kind.NOT_ENTITLED, who + " may not run jobs as root: that is for admins");
        }
        Optional<String> unixUser = Optional.ofNullable(
                        People.read(tree, Set.of(who.name())).get(who.name()))
                .map(Held::value)
                .filter(person -> person.isOf(who))
                .flatMap(person -> person.rights().unixUser());
        return Optional.of(new Permit(who, cluster.name().value(), unixUser, asRoot, now));
    }

    private static void require(boolean may, Permission permission, ClusterRecord cluster) throws RpcFailed {
        if (!may) {
            throw new RpcFailed(RpcFailed.Kind.NOT_ENTITLED, Permission.notHis(permission.asker(), cluster));
        }
    }
}
