package dev.scc.cli.report;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.view.NodeView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A cluster in the words of other programs that run things on nodes. Addresses are those of the cluster's VPC. */
public final class ClusterExport {
    private static final long MEBIBYTE = 1L << 20;
    /** What a node's system keeps of its memory, so that Slurm's check at registration passes. */
    private static final int USABLE_PERCENT = 95;

    private final Roster roster;
    private final List<NodeView> nodes;

    /** @param nodes what is known of the members; those that are missing are of unknown size */
    public ClusterExport(Roster roster, List<NodeView> nodes) {
        this.roster = roster;
        this.nodes = List.copyOf(nodes);
    }

    private Optional<NodeView> view(Member member) {
        return nodes.stream().filter(node -> node.name().equals(member.node())).findFirst();
    }

    private String lines(Function<Member, String> line) {
        return roster.members().stream()
                .map(member -> line.apply(member) + "\n")
                .collect(Collectors.joining());
    }

    /** A line for each node, as Open MPI's {@code --hostfile} and Hydra's {@code -f} read it. */
    public String hostfile() {
        return lines(member -> member.vpcAddress().toString());
    }

    /** An inventory of Ansible, in its INI form. */
    public String ansible() {
        return "[" + group() + "]\n"
                + lines(member -> "%s ansible_host=%s vpc_address=%s rdma_address=%s rdma_device=%s rdma_netdev=%s"
                        .formatted(
                                member.node(),
                                member.underlay(),
                                member.vpcAddress(),
                                member.rdmaAddress(),
                                quoted(member.rdmaDevice()),
                                quoted(roster.segment().link(member.rdmaNetdev()))))
                + "\n[" + group() + ":vars]\nscc_cluster=" + roster.cluster() + "\nscc_revision=" + roster.revision()
                + "\nvpc_cidr=" + roster.vpc().cidr() + "\nrdma_cidr="
                + roster.segment().cidr() + "\n";
    }

    /** Names of groups have no hyphens. */
    private String group() {
        return roster.cluster().value().replace('-', '_');
    }

    private static String quoted(String value) {
        return value.isEmpty() ? "''" : value;
    }

    /** Slurm's files by their names; its controller is on the first node. */
    public Map<String, String> slurm() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("slurm.conf", slurmConf());
        files.put("topology.conf", "SwitchName=" + roster.cluster() + " Nodes=" + names() + "\n");
        files.put("hosts", lines(member -> member.vpcAddress() + " " + member.node()));
        return files;
    }

    private String names() {
        return roster.members().stream().map(member -> member.node().value()).collect(Collectors.joining(","));
    }

    private String slurmConf() {
        Member first = roster.members().getFirst();
        return """
                # Of cluster %s, revision %d. All nodes get this file, topology.conf beside it, and the lines of hosts.
                ClusterName=%s
                SlurmctldHost=%s(%s)
                SlurmUser=root
                AuthType=auth/munge
                StateSaveLocation=/var/spool/slurmctld
                SlurmdSpoolDir=/var/spool/slurmd.%%n
                SlurmdPidFile=/run/slurmd.%%n.pid
                ProctrackType=proctrack/linuxproc
                TaskPlugin=task/none
                SelectType=select/cons_tres
                SelectTypeParameters=CR_Core
                TopologyPlugin=topology/tree
                PropagateResourceLimitsExcept=MEMLOCK
                ReturnToService=2
                """.formatted(roster.cluster(), roster.revision(), roster.cluster(), first.node(), first.vpcAddress())
                + lines(this::slurmNode)
                + "PartitionName=" + roster.cluster() + " Nodes=" + names()
                + " Default=YES MaxTime=INFINITE State=UP\n";
    }

    private String slurmNode(Member member) {
        String size = view(member)
                .filter(node -> node.cores() > 0)
                .map(node -> " CPUs=" + node.cores() + " RealMemory="
                        + Math.max(1, node.memoryBytes() / MEBIBYTE * USABLE_PERCENT / 100))
                .orElse("");
        return "NodeName=" + member.node() + " NodeAddr=" + member.vpcAddress() + size + " State=UNKNOWN";
    }
}
