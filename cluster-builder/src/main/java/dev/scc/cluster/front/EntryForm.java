package dev.scc.cluster.front;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Event;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Leader;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.NodeTunnel;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Pools;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.Roster;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.audit.AuditHead;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rotation;
import dev.scc.cluster.world.Revoked;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.util.Optional;

/** What names and texts entries of each kind have: the same that their readers take them for. */
final class EntryForm {
    private EntryForm() {}

    /** Why no entry of that kind can stand at the path; empty if one can. */
    static Optional<String> objectionToName(TreeEntry kind, String path) {
        try {
            switch (kind) {
                case ENROL_NODE, NODE, INVENTORY, ALIVE, ASSIGN_NODE, STATUS_NODE, PLUGS_NODE, PLUGGED_NODE, TUNNEL ->
                    new NodeName(kind.named(path));
                case CLUSTER, ROSTERS_OF -> new ClusterName(kind.named(path));
                case ROSTER -> {
                    new ClusterName(kind.named(path));
                    Integer.parseUnsignedInt(last(path));
                }
                case VPC, HOLDING -> new VpcName(kind.named(path));
                case GROUP -> new GroupName(kind.named(path));
                case JOB ->
                    new NodeName(kind.owner(path)
                            .orElseThrow(() -> new IllegalArgumentException("it names no node that leads the job")));
                case REVOKED_ONE, REISSUED_ONE -> {
                    if (Principal.parse(kind.named(path)).isEmpty()) {
                        return Optional.of("it names nobody");
                    }
                }
                case ROOT,
                        EPOCH,
                        LEADER,
                        ENROL,
                        NODES,
                        ASSIGN,
                        STATUS,
                        CLUSTERS,
                        ROSTERS,
                        VPCS,
                        PLUGS,
                        PLUGGED,
                        TUNNELS,
                        GROUPS,
                        POOLS,
                        REQUESTS,
                        REQUEST,
                        OUTCOME,
                        EVENTS,
                        EVENT,
                        TOKENS,
                        TOKEN,
                        USERS,
                        USER,
                        REVOKED,
                        ROTATION,
                        REISSUED,
                        AUDIT,
                        AUDIT_HEAD,
                        JOBS -> {}
            }
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    /** Why the text is none of that kind; empty if it is one. */
    static Optional<String> objectionToText(TreeEntry kind, Entry entry) {
        Optional<Class<?>> form = of(kind);
        if (form.isEmpty()) {
            return entry.text().isEmpty()
                    ? Optional.empty()
                    : Optional.of("it is there to hold others, and has a text of its own");
        }
        try {
            entry.read(form.get());
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    /** The record that a text of that kind is; empty if an entry of that kind only holds others. */
    static Optional<Class<?>> of(TreeEntry kind) {
        return switch (kind) {
            case EPOCH -> Optional.of(Long.class);
            case LEADER -> Optional.of(Leader.class);
            case ENROL_NODE, ALIVE -> Optional.of(Alive.class);
            case NODE -> Optional.of(NodeRecord.class);
            case INVENTORY -> Optional.of(Inventory.class);
            case ASSIGN_NODE -> Optional.of(Assignment.class);
            case STATUS_NODE -> Optional.of(NodeStatus.class);
            case CLUSTER -> Optional.of(ClusterRecord.class);
            case ROSTER -> Optional.of(Roster.class);
            case VPC -> Optional.of(VpcRecord.class);
            case HOLDING -> Optional.of(Holding.class);
            case PLUGS_NODE -> Optional.of(NodePlugs.class);
            case PLUGGED_NODE -> Optional.of(PlugStatus.class);
            case TUNNEL -> Optional.of(NodeTunnel.class);
            case GROUP -> Optional.of(GroupRecord.class);
            case POOLS -> Optional.of(Pools.class);
            case REQUEST -> Optional.of(RequestRecord.class);
            case OUTCOME -> Optional.of(Outcome.class);
            case EVENT -> Optional.of(Event.class);
            case TOKEN -> Optional.of(TrustRecords.Invited.class);
            case USER -> Optional.of(PersonRecord.class);
            case REVOKED_ONE -> Optional.of(Revoked.class);
            case ROTATION -> Optional.of(Rotation.class);
            case REISSUED_ONE -> Optional.of(Integer.class);
            case AUDIT_HEAD -> Optional.of(AuditHead.class);
            case JOB -> Optional.of(JobEntry.class);
            case ROOT,
                    ENROL,
                    NODES,
                    ASSIGN,
                    STATUS,
                    CLUSTERS,
                    ROSTERS,
                    ROSTERS_OF,
                    VPCS,
                    PLUGS,
                    PLUGGED,
                    TUNNELS,
                    GROUPS,
                    REQUESTS,
                    EVENTS,
                    TOKENS,
                    USERS,
                    REVOKED,
                    REISSUED,
                    AUDIT,
                    JOBS -> Optional.empty();
        };
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
