package dev.scc.cluster;

import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.util.List;
import java.util.Locale;

/** The path of every entry that scc uses; {@link TreeEntry} says what stands there, and who writes it. */
public final class Paths {
    public static final String ROOT = TreeEntry.ROOT.path();
    public static final String EPOCH = TreeEntry.EPOCH.path();
    public static final String LEADER = TreeEntry.LEADER.path();
    public static final String ENROL = TreeEntry.ENROL.path();
    public static final String NODES = TreeEntry.NODES.path();
    public static final String ASSIGN = TreeEntry.ASSIGN.path();
    public static final String STATUS = TreeEntry.STATUS.path();
    public static final String CLUSTERS = TreeEntry.CLUSTERS.path();
    public static final String ROSTERS = TreeEntry.ROSTERS.path();
    public static final String VPCS = TreeEntry.VPCS.path();
    public static final String PLUGS = TreeEntry.PLUGS.path();
    public static final String PLUGGED = TreeEntry.PLUGGED.path();
    public static final String TUNNELS = TreeEntry.TUNNELS.path();
    public static final String GROUPS = TreeEntry.GROUPS.path();
    public static final String POOLS = TreeEntry.POOLS.path();
    public static final String REQUESTS = TreeEntry.REQUESTS.path();
    public static final String EVENTS = TreeEntry.EVENTS.path();
    public static final String JOBS = TreeEntry.JOBS.path();

    /** Those that are only there to hold others, parents first. */
    public static final List<String> FOLDERS =
            TreeEntry.folders().stream().map(TreeEntry::path).toList();

    private Paths() {}

    public static String enrol(NodeName node) {
        return TreeEntry.ENROL_NODE.path(node);
    }

    public static String node(NodeName node) {
        return TreeEntry.NODE.path(node);
    }

    public static String inventory(NodeName node) {
        return TreeEntry.INVENTORY.path(node);
    }

    public static String alive(NodeName node) {
        return TreeEntry.ALIVE.path(node);
    }

    public static String assign(NodeName node) {
        return TreeEntry.ASSIGN_NODE.path(node);
    }

    public static String status(NodeName node) {
        return TreeEntry.STATUS_NODE.path(node);
    }

    public static String cluster(ClusterName cluster) {
        return TreeEntry.CLUSTER.path(cluster);
    }

    /** Holds the rosters of all revisions. */
    public static String rosters(ClusterName cluster) {
        return TreeEntry.ROSTERS_OF.path(cluster);
    }

    public static String roster(ClusterName cluster, int revision) {
        return TreeEntry.ROSTER.path(cluster, revision);
    }

    public static String vpc(VpcName vpc) {
        return TreeEntry.VPC.path(vpc);
    }

    public static String group(GroupName group) {
        return TreeEntry.GROUP.path(group);
    }

    public static String plugs(NodeName node) {
        return TreeEntry.PLUGS_NODE.path(node);
    }

    public static String plugged(NodeName node) {
        return TreeEntry.PLUGGED_NODE.path(node);
    }

    public static String tunnel(NodeName node) {
        return TreeEntry.TUNNEL.path(node);
    }

    /** @param entry whose addresses they are */
    public static String holding(VpcName vpc, String entry) {
        return TreeEntry.HOLDING.path(vpc, entry);
    }

    public static String request(String id) {
        return TreeEntry.REQUEST.path(id);
    }

    public static String outcome(String id) {
        return TreeEntry.OUTCOME.path(id);
    }

    /** Sorted by their names, events are in the order in which they happened. */
    public static String event(long epoch, int number) {
        return TreeEntry.EVENT.path(String.format(Locale.ROOT, "%012d-%09d", epoch, number));
    }

    /** @param lead the node that leads it: the name says whose the entry is */
    public static String job(NodeName lead, String id) {
        return TreeEntry.JOB.path(lead + String.valueOf(TreeEntry.OF_NODE) + id);
    }

    /** @param hash {@link dev.scc.cluster.trust.JoinToken#hash} */
    public static String token(String hash) {
        return TreeEntry.TOKEN.path(hash);
    }

    public static String user(String name) {
        return TreeEntry.USER.path(name);
    }

    /** @param server what tells a server's data directory from all others */
    public static String audit(String server) {
        return TreeEntry.AUDIT_HEAD.path(server);
    }

    /** @param principal such as {@code node:n7} */
    public static String reissued(String principal) {
        return TreeEntry.REISSUED_ONE.path(principal);
    }

    /** @param principal such as {@code node:n7} */
    public static String revoked(String principal) {
        return TreeEntry.REVOKED_ONE.path(principal);
    }
}
