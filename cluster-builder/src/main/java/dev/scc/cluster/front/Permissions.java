package dev.scc.cluster.front;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.plan.Asker;
import dev.scc.cluster.plan.Permission;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.People;
import dev.scc.cluster.world.World;
import java.util.Optional;

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
                new Asker.Proven(who.get(), People.read(tree, Asker.concerned(who.get(), Optional.empty()))), world);
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

    private static void require(boolean may, Permission permission, ClusterRecord cluster) throws RpcFailed {
        if (!may) {
            throw new RpcFailed(RpcFailed.Kind.NOT_ENTITLED, Permission.notHis(permission.asker(), cluster));
        }
    }
}
