package dev.scc.cluster;

import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Bounds;
import dev.scc.host.Ipv4;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * What a node has: written by its agent. Where a node is reached is no part of it: that is what the controller has enrolled, or a
 * node could claim to be where another one is.
 *
 * @param rdmaNetdev the Ethernet interface that segments are made on
 * @param version of the agent
 * @param repaired what its agent had to repair last; empty if nothing since it was started
 * @param findings what the doctor's rules have found when the node was looked at last, errors first
 * @param unreached whom of its cluster it does not reach over RDMA, as its mesh shows; empty if it has no mesh, or has always
 *     reached all
 */
public record Inventory(
        NodeName node,
        String rdmaNetdev,
        String version,
        NodeInventory has,
        @Later Optional<Repair> repaired,
        @Later List<Finding> findings,
        @Later Optional<Unreached> unreached) {

    private static final int LONGEST_NAME = 64;
    private static final int MOST_FINDINGS = 4;
    private static final int LONGEST_RULE = 40;
    private static final int LONGEST_EVIDENCE = 200;
    private static final int LONGEST_FIX = 250;

    public Inventory {
        Bounds.atMost("rdmaNetdev", rdmaNetdev, LONGEST_NAME);
        version = Bounds.cut(version, LONGEST_NAME);
        findings = findings.stream()
                .limit(MOST_FINDINGS)
                .map(one -> new Finding(
                        Bounds.cut(one.rule(), LONGEST_RULE),
                        one.severity(),
                        node,
                        Bounds.cut(one.evidence(), LONGEST_EVIDENCE),
                        Bounds.cut(one.fix(), LONGEST_FIX)))
                .toList();
    }

    /** One without findings. */
    public Inventory(NodeName node, String rdmaNetdev, String version, NodeInventory has, Optional<Repair> repaired) {
        this(node, rdmaNetdev, version, has, repaired, List.of(), Optional.empty());
    }

    /** Of a node where nothing had to be repaired. */
    public static Inventory of(NodeName node, String rdmaNetdev, String version, NodeInventory has) {
        return new Inventory(node, rdmaNetdev, version, has, Optional.empty());
    }

    /** The RDMA device on the interface that segments are made on. */
    public Optional<RdmaDevice> rdmaDevice() {
        return has.rdmaDevices().stream()
                .filter(device -> device.netdev().equals(rdmaNetdev))
                .findFirst();
    }

    /** The interface that has this address. */
    public Optional<Nic> nicOf(Ipv4 underlay) {
        return has.nics().stream()
                .filter(nic -> nic.addresses().stream().anyMatch(address -> address.startsWith(underlay + "/")))
                .findFirst();
    }
}
