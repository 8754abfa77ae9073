package dev.scc.fabric.doctor;

import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.TrafficClass;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import dev.scc.host.net.Firewall;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was observed on a node. What a kernel or a driver does not show is empty, and no rule says anything about it.
 *
 * @param verbsProblem why the native library cannot be loaded; empty if it can
 * @param segment the part of the fabric that the node serves; empty if it is in no cluster
 * @param clock empty if nobody has compared it
 * @param traffic the class that its agent keeps segments' traffic in; empty if that is not known
 * @param firewall rules that drop RoCE packets before they reach a device in software
 */
public record NodeFacts(
        NodeName node,
        Host host,
        List<Netdev> netdevs,
        List<Device> devices,
        String verbsProblem,
        Optional<Segment> segment,
        Optional<Clock> clock,
        @Later Optional<TrafficClass> traffic,
        @Later List<Firewall.Drop> firewall) {
    public NodeFacts {
        firewall = List.copyOf(firewall);
        netdevs = List.copyOf(netdevs);
        devices = List.copyOf(devices);
    }

    /**
     * The machine.
     *
     * @param rdmaCore file name of libibverbs, which has its version
     * @param memlock soft limit in bytes, or {@code unlimited}, of the agent and so of its jobs
     * @param netnsShared whether RDMA devices are seen in all network namespaces
     * @param sysctls those that matter here, by name
     * @param modules those loaded of the few that rules ask for
     * @param providers of libibverbs that are installed, such as {@code mlx5}
     */
    public record Host(
            String kernel,
            String rdmaCore,
            String memlock,
            String governor,
            Optional<Boolean> netnsShared,
            Map<String, String> sysctls,
            List<String> modules,
            List<String> providers) {
        public Host {
            sysctls = Collections.unmodifiableMap(new TreeMap<>(sysctls));
            modules = List.copyOf(modules);
            providers = List.copyOf(providers);
        }
    }

    /**
     * A network interface.
     *
     * @param addresses IPv4, in {@code ADDRESS/PREFIX} notation
     * @param bond the bond that it is a slave of; empty if it is none
     * @param egress of a VLAN, its map of priorities, such as {@code 3:3}; empty for any other interface
     * @param carrierChanges how often its link came or went since boot
     * @param deadNeighbours IPv4 addresses there that did not answer
     * @param ecn whether the adapter answers congestion marks of priority 3; empty if it does not say
     * @param lossless priorities with flow control of their own (PFC); empty if its driver does not say
     * @param trust by what the adapter sorts packets, {@code pcp} or {@code dscp}; empty if its driver does not say
     */
    public record Netdev(
            String name,
            int mtu,
            String state,
            List<String> addresses,
            String bond,
            Optional<String> egress,
            long carrierChanges,
            List<String> deadNeighbours,
            Optional<Boolean> ecn,
            @Later Optional<List<Integer>> lossless,
            @Later Optional<String> trust) {
        public Netdev {
            lossless = lossless.map(List::copyOf);
            addresses = List.copyOf(addresses);
            deadNeighbours = List.copyOf(deadNeighbours);
        }
    }

    /**
     * An RDMA device.
     *
     * @param provider that libibverbs needs for it, such as {@code mlx5}; empty if its driver is not known here
     * @param linkLayer {@code Ethernet} or {@code InfiniBand}
     * @param abi version of its driver's interface for user space
     * @param defaultTos that rdma_cm gives to connections; empty where configfs does not show it
     * @param pci empty for a device in software
     * @param risen counters of loss that grew while this was observed, and by how much
     */
    public record Device(
            RdmaDevice device,
            String provider,
            String firmware,
            String linkLayer,
            Optional<Integer> abi,
            Optional<Integer> defaultTos,
            Optional<Pci> pci,
            Map<String, Long> risen) {
        public Device {
            risen = Collections.unmodifiableMap(new TreeMap<>(risen));
        }

        public String name() {
            return device.name();
        }

        boolean software() {
            return pci.isEmpty();
        }
    }

    /**
     * How a device is attached.
     *
     * @param iommu type of its group, such as {@code DMA-FQ} or {@code identity}; empty without an IOMMU
     * @param relaxedOrdering whether its PCIe capability allows relaxed ordering; empty if that could not be read
     * @param acs address of a bridge above it that redirects traffic between peers (ACS); empty if there is none
     */
    public record Pci(
            String slot,
            String speed,
            String width,
            String mostSpeed,
            String mostWidth,
            String numaNode,
            String iommu,
            Optional<Boolean> relaxedOrdering,
            String acs) {}

    /**
     * The node's part of its cluster's segment.
     *
     * @param link the VLAN interface
     * @param address with its prefix's length
     * @param gidIndex that the node has told the controller; empty if it has not
     */
    public record Segment(String cluster, String device, String link, String address, Optional<Integer> gidIndex) {}

    /**
     * The node's clock beside the server's.
     *
     * @param aheadMillis negative if it is behind
     * @param withinMillis by how much that may be wrong
     */
    public record Clock(long aheadMillis, long withinMillis) {}

    Optional<Netdev> netdev(String name) {
        return netdevs.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    Optional<Device> device(String name) {
        return devices.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The same, as if no other RDMA devices than that interface's were there. */
    NodeFacts only(String netdev) {
        List<Device> there = devices.stream()
                .filter(one -> one.device().netdev().equals(netdev))
                .toList();
        return new NodeFacts(node, host, netdevs, there, verbsProblem, segment, clock, traffic, firewall);
    }

    /** The same, with its clock compared. */
    public NodeFacts with(Clock compared) {
        return new NodeFacts(
                node, host, netdevs, devices, verbsProblem, segment, Optional.of(compared), traffic, firewall);
    }
}
