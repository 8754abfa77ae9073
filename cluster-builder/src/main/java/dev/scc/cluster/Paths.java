package dev.scc.cluster;

import dev.scc.host.NodeName;
import java.util.List;
import java.util.Locale;

/**
 * Every path that scc uses, with its only writer.
 *
 * <pre>
 * /scc/epoch                    controller  fencing number
 * /scc/leader (ephemeral)       controller  {@link Leader}
 * /scc/enrol/NODE (ephemeral)   agent       {@link Alive}: asks for the entries of its node
 * /scc/nodes/NODE               controller  {@link NodeRecord}
 * /scc/nodes/NODE/inventory     agent       {@link Inventory}
 * /scc/nodes/NODE/alive (eph.)  agent       {@link Alive}
 * /scc/assign/NODE              controller  {@link Assignment}
 * /scc/status/NODE              agent       {@link NodeStatus}
 * /scc/clusters/NAME            controller  {@link ClusterRecord}
 * /scc/rosters/NAME/REVISION    controller  {@link Roster}, never changed
 * /scc/pools                    controller  {@link Pools}
 * /scc/requests/ID              client      {@link Request}, never changed
 * /scc/requests/ID/outcome      controller  {@link Outcome}
 * /scc/events/EPOCH-NUMBER      controller  {@link Event}, the latest few hundred
 * /scc/jobs/ID                  lead agent  a job's state
 * </pre>
 */
public final class Paths {
    public static final String ROOT = "/scc";
    public static final String EPOCH = ROOT + "/epoch";
    public static final String LEADER = ROOT + "/leader";
    public static final String ENROL = ROOT + "/enrol";
    public static final String NODES = ROOT + "/nodes";
    public static final String ASSIGN = ROOT + "/assign";
    public static final String STATUS = ROOT + "/status";
    public static final String CLUSTERS = ROOT + "/clusters";
    public static final String ROSTERS = ROOT + "/rosters";
    public static final String POOLS = ROOT + "/pools";
    public static final String REQUESTS = ROOT + "/requests";
    public static final String EVENTS = ROOT + "/events";
    public static final String JOBS = ROOT + "/jobs";

    /** Those that are only there to hold others, parents first. */
    public static final List<String> FOLDERS =
            List.of(ROOT, ENROL, NODES, ASSIGN, STATUS, CLUSTERS, ROSTERS, REQUESTS, EVENTS, JOBS);

    private Paths() {}

    public static String enrol(NodeName node) {
        return ENROL + "/" + node;
    }

    public static String node(NodeName node) {
        return NODES + "/" + node;
    }

    public static String inventory(NodeName node) {
        return node(node) + "/inventory";
    }

    public static String alive(NodeName node) {
        return node(node) + "/alive";
    }

    public static String assign(NodeName node) {
        return ASSIGN + "/" + node;
    }

    public static String status(NodeName node) {
        return STATUS + "/" + node;
    }

    public static String cluster(ClusterName cluster) {
        return CLUSTERS + "/" + cluster;
    }

    /** Holds the rosters of all revisions. */
    public static String rosters(ClusterName cluster) {
        return ROSTERS + "/" + cluster;
    }

    public static String roster(ClusterName cluster, int revision) {
        return rosters(cluster) + "/" + revision;
    }

    public static String request(String id) {
        return REQUESTS + "/" + id;
    }

    public static String outcome(String id) {
        return request(id) + "/outcome";
    }

    /** Sorted by their names, events are in the order in which they happened. */
    public static String event(long epoch, int number) {
        return EVENTS + "/" + String.format(Locale.ROOT, "%012d-%09d", epoch, number);
    }

    public static String job(String id) {
        return JOBS + "/" + id;
    }
}
