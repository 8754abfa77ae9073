package dev.scc.job;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.trust.CheckedPermits;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Permit;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Decides at a node who may call it about jobs, and whose rights they get there: by the roster that the node serves at that
 * moment, and by what a server has signed for the person. What another node says is not enough. Where certificates do not
 * count, everybody may do everything.
 */
public final class Entitlement {
    private final NodeName self;
    private final Connections connections;
    private final InstantSource clock;
    private final CheckedPermits permits = new CheckedPermits();

    /** @param connections the node's, or its keeper's: by their roots permits are checked, and who was put out */
    public Entitlement(NodeName self, Connections connections, InstantSource clock) {
        this.self = self;
        this.connections = connections;
        this.clock = clock;
    }

    /** @throws RpcFailed if the caller is not of that role, or of another node */
    public void requireOwn(Caller caller, Role role) throws RpcFailed {
        require(caller, List.of(new Principal(role, self.value())), "it is for " + role + ":" + self);
    }

    /** @throws RpcFailed if the caller is not the keeper of one of the cluster's present members */
    public void requireMember(Caller caller, Optional<Roster> serves) throws RpcFailed {
        require(
                caller,
                serves.stream()
                        .flatMap(roster -> roster.members().stream())
                        .map(Member::node)
                        .map(Entitlement::keeper)
                        .toList(),
                serves.map(roster -> "it is for members of cluster " + roster.cluster())
                        .orElse("node " + self + " belongs to no cluster now"));
    }

    /** @throws RpcFailed if the caller is not the keeper of that node */
    public void requireKeeper(Caller caller, NodeName node) throws RpcFailed {
        require(caller, List.of(keeper(node)), "it is for the keeper of node " + node);
    }

    private static Principal keeper(NodeName node) {
        return new Principal(Role.KEEPER, node.value());
    }

    private static void require(Caller caller, List<Principal> admitted, String why) throws RpcFailed {
        if (caller.guarded() && caller.principal().filter(admitted::contains).isEmpty()) {
            throw new RpcFailed(RpcFailed.Kind.NOT_ENTITLED, caller.name() + " may not ask for that: " + why);
        }
    }

    /**
     * By what the caller himself runs jobs on that cluster; empty if certificates do not count.
     *
     * @param text of his permit
     * @throws RpcFailed if he has none, or another's, or one for another cluster
     */
    public Optional<Permit> ofCaller(Caller caller, ClusterName cluster, Optional<String> text) throws RpcFailed {
        if (!caller.guarded()) {
            return Optional.empty();
        }
        Permit permit = check(cluster, text);
        if (caller.principal().filter(permit.person()::equals).isEmpty()) {
            throw refused(caller.name() + " shows a permit of " + permit.person());
        }
        return Optional.of(permit);
    }

    /**
     * Whose rights somebody's job has on this node.
     *
     * @param caller who passes it on
     * @param told whose rights those are by his word
     * @param text of the permit of whoever runs the job
     * @throws RpcFailed if no server has said so
     */
    public void requireRights(Caller caller, ClusterName cluster, RunAs told, Optional<String> text) throws RpcFailed {
        if (caller.guarded()) {
            Permit permit = check(cluster, text);
            RunAs may = rights(Optional.of(permit), told instanceof RunAs.Root);
            if (!may.equals(told)) {
                throw refused("jobs of " + permit.person() + " run as " + may + ", not as " + told);
            }
        }
    }

    /**
     * Whose job it is that another node tells of.
     *
     * @param owner by that node's word
     * @throws RpcFailed if the permit of whoever runs it is somebody else's
     */
    public void requirePerson(Caller caller, ClusterName cluster, String owner, Optional<String> text)
            throws RpcFailed {
        if (caller.guarded()) {
            Permit permit = check(cluster, text);
            if (!permit.person().toString().equals(owner)) {
                throw refused("a job of " + permit.person() + " is said to be of " + owner);
            }
        }
    }

    private Permit check(ClusterName cluster, Optional<String> text) throws RpcFailed {
        Optional<LiveCredentials> own = connections.credentials();
        if (own.isEmpty()) {
            throw new IllegalStateException("node " + self + " checks permits and knows no roots");
        }
        Permit permit;
        try {
            permit = permits.check(
                    text.orElseThrow(() -> new IllegalArgumentException("no server has permitted this job")),
                    own.get().current().roots(),
                    clock.instant());
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        if (!permit.cluster().equals(cluster.value())) {
            throw refused("the permit is for cluster " + permit.cluster() + ", and this is one of " + cluster);
        }
        if (connections.revocations().covers(permit.person(), Instant.ofEpochMilli(permit.issuedMillis()))) {
            throw refused(permit.person() + " was revoked");
        }
        return permit;
    }

    /**
     * Whose rights a job has.
     *
     * @param permit empty where certificates do not count
     * @param asRoot whether those of root are asked for
     * @throws RpcFailed if they are, and are not permitted
     */
    public RunAs rights(Optional<Permit> permit, boolean asRoot) throws RpcFailed {
        if (asRoot && permit.isPresent() && !permit.get().root()) {
            throw refused(permit.get().person() + " may not run this job as root");
        }
        return asRoot
                ? new RunAs.Root()
                : permit.flatMap(Permit::unixUser)
                        .<RunAs>map(RunAs.Account::new)
                        .orElseGet(RunAs.Unmapped::new);
    }

    private RpcFailed refused(String why) {
        return new RpcFailed(RpcFailed.Kind.NOT_ENTITLED, "node " + self + ": " + why);
    }
}
