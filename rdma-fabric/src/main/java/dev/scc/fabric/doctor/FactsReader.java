package dev.scc.fabric.doctor;

import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.doctor.NodeFacts.Device;
import dev.scc.fabric.doctor.NodeFacts.Host;
import dev.scc.fabric.doctor.NodeFacts.Netdev;
import dev.scc.fabric.doctor.NodeFacts.Segment;
import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.Firewall;
import dev.scc.host.net.FlowControl;
import dev.scc.host.net.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Observes a node: sysfs, procfs and configfs, and its interfaces over netlink. It starts no process and changes nothing. What is
 * not there, or cannot be read, is not known.
 */
public final class FactsReader {
    /** Between two readings of the counters of loss: with traffic, what is lost now shows. */
    private static final Duration BETWEEN = Duration.ofMillis(150);

    /** How often, and how long apart, GIDs of interfaces that are not there are looked at again. */
    private static final int SETTLING = 3;

    private static final Duration SETTLES = Duration.ofMillis(50);

    private final NetworkSource network;
    private final Optional<TrafficClass> traffic;
    private final Inside inside;
    private final Sysfs files;
    private final Optional<RdmaSysfs> rdma;
    private final Supplier<String> verbsProblem;
    private final Duration between;

    /** Runs something where procfs shows the node's network: sysctls are those of the namespace of whoever reads them. */
    private interface Inside {
        <T> T run(Callable<T> task) throws IOException, InterruptedException;
    }

    /**
     * For a node whose interfaces are in that namespace of this machine.
     *
     * @param rdma whether the machine's RDMA devices are the node's
     * @param verbsProblem why the native library cannot be loaded; empty if it can
     * @param traffic the class that its agent keeps segments' traffic in; empty if that is not known
     */
    public FactsReader(
            NetworkNamespace namespace, boolean rdma, Supplier<String> verbsProblem, Optional<TrafficClass> traffic) {
        network = NetworkSource.of(namespace);
        this.traffic = traffic;
        inside = namespace::inside;
        files = new Sysfs(Path.of("/"));
        this.rdma = rdma ? Optional.of(RdmaSysfs.local()) : Optional.empty();
        this.verbsProblem = verbsProblem;
        between = BETWEEN;
    }

    /** @param root of a captured tree */
    FactsReader(
            NetworkSource network,
            Path root,
            Optional<RdmaSysfs> rdma,
            Supplier<String> verbsProblem,
            Optional<TrafficClass> traffic,
            Duration between) {
        this.network = network;
        this.traffic = traffic;
        this.inside = new Inside() {
            @Override
            public <T> T run(Callable<T> task) throws IOException {
                try {
                    return task.call();
                } catch (IOException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        };
        this.files = new Sysfs(root);
        this.rdma = rdma;
        this.verbsProblem = verbsProblem;
        this.between = between;
    }

    /**
     * Observes it now, which takes a fifth of a second where there are RDMA devices.
     *
     * @throws CommandFailed if the kernel cannot be asked for its interfaces
     */
    public NodeFacts read(NodeName node, Optional<Segment> segment) throws CommandFailed, InterruptedException {
        return read(node, segment, between);
    }

    /**
     * The same without waiting for counters: whether one rises is not known.
     *
     * @throws CommandFailed if the kernel cannot be asked for its interfaces
     */
    public NodeFacts glance(NodeName node, Optional<Segment> segment) throws CommandFailed, InterruptedException {
        return read(node, segment, Duration.ZERO);
    }

    private NodeFacts read(NodeName node, Optional<Segment> segment, Duration pause)
            throws CommandFailed, InterruptedException {
        try {
            List<RdmaDevice> devices = devices();
            Surroundings around = network.read();
            for (int again = 0; again < SETTLING && !settled(devices, around); again++) {
                Thread.sleep(SETTLES);
                devices = devices();
                around = network.read();
            }
            List<Surroundings.Interface> interfaces = around.interfaces();
            Map<String, Map<String, Long>> before = losses(devices);
            if (!devices.isEmpty() && pause.isPositive()) {
                Thread.sleep(pause);
            }
            List<Device> facts = new ArrayList<>();
            for (RdmaDevice device : devices) {
                facts.add(device(device, before.getOrDefault(device.name(), Map.of())));
            }
            List<String> fabric = fabric(devices, segment);
            Map<String, FlowControl> flow = fabric.isEmpty() ? Map.of() : network.flow(fabric);
            List<Firewall.Drop> drops = fabric.isEmpty() ? List.of() : network.drops(fabric);
            List<Netdev> netdevs = inside.run(() -> interfaces.stream()
                    .map(one -> netdev(one, Optional.ofNullable(flow.get(one.name()))))
                    .toList());
            Host host = inside.run(() -> new HostReader(files).read(netdevs, facts));
            return new NodeFacts(
                    node, host, netdevs, facts, verbsProblem.get(), segment, Optional.empty(), traffic, drops);
        } catch (IOException e) {
            throw new CommandFailed("the node cannot be observed: " + e.getMessage(), e);
        }
    }

    /** The interfaces that carry RDMA. */
    private static List<String> fabric(List<RdmaDevice> devices, Optional<Segment> segment) {
        return Stream.concat(devices.stream().map(RdmaDevice::netdev), segment.map(Segment::link).stream())
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    private List<RdmaDevice> devices() throws IOException {
        return rdma.isPresent() ? rdma.get().devices() : List.of();
    }

    /** The two are not read at one moment, and a GID outlives its interface for as long as the kernel's worker needs. */
    private static boolean settled(List<RdmaDevice> devices, Surroundings around) {
        Set<String> names =
                around.interfaces().stream().map(Surroundings.Interface::name).collect(Collectors.toSet());
        return devices.stream().flatMap(one -> one.gids().stream()).allMatch(gid -> names.contains(gid.netdev()));
    }

    private Map<String, Map<String, Long>> losses(List<RdmaDevice> devices) throws IOException {
        Map<String, Map<String, Long>> all = new TreeMap<>();
        for (RdmaDevice device : devices) {
            all.put(device.name(), losses(device.name()));
        }
        return all;
    }

    private Map<String, Long> losses(String device) throws IOException {
        return rdma.isPresent() ? LossCounters.of(rdma.get(), device) : Map.of();
    }

    private Netdev netdev(Surroundings.Interface one, Optional<FlowControl> flow) {
        String sys = "sys/class/net/" + one.name() + "/";
        return new Netdev(
                one.name(),
                one.mtu(),
                one.state(),
                one.addresses(),
                files.there(sys + "master/bonding") ? files.linkName(sys + "master") : "",
                files.text("proc/thread-self/net/vlan/" + one.name()).map(FactsReader::egress),
                files.text(sys + "carrier_changes")
                        .filter(text -> text.matches("[0-9]{1,18}"))
                        .map(Long::parseLong)
                        .orElse(0L),
                dead(one.name()),
                files.text(sys + "ecn/roce_np/enable/3").map("1"::equals),
                flow.map(FlowControl::lossless),
                // NVIDIA's driver tells; of others a table of DSCPs does.
                files.text(sys + "qos/trust").or(() -> flow.map(known -> known.byDscp() ? "dscp" : "pcp")));
    }

    /** From {@code EGRESS priority mappings: 0:3 3:3}. */
    private static String egress(String vlan) {
        return vlan.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("EGRESS priority mappings:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** In /proc/net/arp an entry without flags is one that nobody has answered. */
    private List<String> dead(String netdev) {
        return files.text("proc/thread-self/net/arp").stream()
                .flatMap(String::lines)
                .map(line -> line.strip().split(" +", -1))
                .filter(words -> words.length == 6 && words[5].equals(netdev) && words[2].equals("0x0"))
                .map(words -> words[0])
                .toList();
    }

    private Device device(RdmaDevice device, Map<String, Long> before) throws IOException {
        String sys = "sys/class/infiniband/" + device.name() + "/";
        Map<String, String> uevent = files.pairs(sys + "device/uevent");
        boolean rxe = files.there(sys + "parent");
        return new Device(
                device,
                rxe ? "rxe" : Providers.of(uevent.getOrDefault("DRIVER", "")),
                files.text(sys + "fw_ver").orElse(""),
                files.text(sys + "ports/1/link_layer").orElse(""),
                abi(device.name()),
                files.text("sys/kernel/config/rdma_cm/" + device.name() + "/ports/1/default_roce_tos")
                        .filter(text -> text.matches("[0-9]{1,3}"))
                        .map(Integer::parseInt),
                rxe ? Optional.empty() : Optional.of(new PciReader(files).read(sys + "device/", uevent)),
                LossCounters.risen(before, losses(device.name())));
    }

    private Optional<Integer> abi(String device) {
        return files.names("sys/class/infiniband_verbs").stream()
                .map(name -> "sys/class/infiniband_verbs/" + name + "/")
                .filter(verbs ->
                        files.text(verbs + "ibdev").filter(device::equals).isPresent())
                .flatMap(verbs -> files.text(verbs + "abi_version").stream())
                .filter(text -> text.matches("[0-9]{1,4}"))
                .map(Integer::parseInt)
                .findFirst();
    }
}
