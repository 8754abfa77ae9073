package dev.scc.simulation;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Unreached;
import dev.scc.cluster.VpcRecord;
import dev.scc.fabric.GidEntry;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.IpNetwork;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.MemoryText;
import dev.scc.host.NodeName;
import dev.scc.host.net.HandedLink;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import dev.scc.host.net.TunnelKeys;
import dev.scc.vpc.HandedFilter;
import dev.scc.vpc.Tunnel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A machine that may be a node: what its kernel and its disk hold, whatever becomes of its agent, and what ails it. */
final class Hardware {
    private static final Pattern OWN_ADDRESSES = Pattern.compile("ip6? saddr != \\{ ([^}]*) \\} goto drop_spoofed_out");

    /** Each how many-th machine can have no tunnels. */
    private static final int WITHOUT_TUNNELS = 5;

    final int number;
    final NodeName node;
    final String instance;
    /** By its clock another key comes when {@link #keyTime} has gone on by a day. */
    final TunnelKeys tunnelKeys;

    final MemoryMachine kernel;
    /** In milliseconds. */
    long keyTime;

    final Disk disk = new Disk();
    private NodeInventory healthy;
    private NodeInventory portDown;
    /** Where its agent listens the next time that it is started. */
    int port = 7070;

    /** What it has to go on reaching, as it tells the controller. */
    List<Need> needs = List.of();
    /** Where its servers really are, though it does not know: an address of its own in there takes their place. */
    Optional<Cidr> servers = Optional.empty();

    /** Its present agent; none before the first, or while it is dead. */
    @Nullable
    AgentProcess agent;

    /** Steps that fail now, by the beginning of their titles. */
    Optional<String> failing = Optional.empty();
    /** How many more steps fail. */
    int failures;
    /** How much longer everything takes. */
    int slowness = 1;

    /** It has begun with something on it, and if another machine got its name first, that is still there. */
    boolean forgotten;

    boolean rdmaPortDown;
    /** What its mesh shows. */
    Optional<Unreached> unreached = Optional.empty();

    /** What is wrong with its RDMA device alone. */
    private DeviceHarm harm = DeviceHarm.NONE;
    /** How checks end that hang. */
    private final List<Runnable> hanging = new ArrayList<>();
    /** Its device was not well at some time since its agent has said last that it is. */
    boolean ailing;
    /** It has been in a cluster, and its device has not been checked since. */
    boolean unchecked;

    boolean cannotBeLookedAt;
    boolean cannotLeave;
    boolean noGid;
    boolean unplugged;
    /** Somebody drops the packets of its VPC. */
    boolean walled;
    /** The largest packets that its VPC carries; empty if all do. */
    Optional<Integer> narrow = Optional.empty();
    /** The cluster that a job runs for: since the node has said that it is reached, until the agent ends it. */
    Optional<ClusterName> job = Optional.empty();
    /** Steps that fail say that they are done. */
    boolean silent;
    /** Its kernel has forgotten everything, and its agent has not truly said since what is on it. */
    boolean rebooted;
    /** The tree is older than what it has become, and its agent has not truly said since what is on it. */
    boolean ahead;
    /** The tree is older than its ENIs, and it has had some since that are not the node's there: whose they are, others are told too. */
    boolean strays;
    /** It has been thrown away. */
    boolean scrapped;
    /** It has said that it is clean since it became the node. */
    boolean proved;

    Hardware(int number, NodeName node, String instance) {
        this.number = number;
        this.node = node;
        this.instance = instance;
        this.tunnelKeys = new TunnelKeys(
                new MemoryText("keys of " + instance),
                () -> Instant.ofEpochMilli(keyTime),
                new SplittableRandom(number));
        this.kernel =
                new MemoryMachine(List.of("eth0", "eth1"), tunnels() ? Optional.of(tunnelKeys) : Optional.empty());
        this.healthy = inventory("ACTIVE");
        this.portDown = inventory("DOWN");
    }

    void need(List<Need> all) {
        needs = List.copyOf(all);
        healthy = healthy.needing(all);
        portDown = portDown.needing(all);
    }

    /** Whether what has been built here has taken the place of its servers. */
    boolean cutOff() {
        return servers.isPresent()
                && objects().values().stream()
                        .anyMatch(object -> object instanceof NetObject.Address address
                                && network(address).overlaps(servers.get()));
    }

    static IpNetwork network(NetObject.Address address) {
        return switch (address.address()) {
            case Ipv4 four -> {
                int mask = address.prefix() == 0 ? 0 : -1 << (32 - address.prefix());
                yield new Cidr(new Ipv4(four.bits() & mask), address.prefix());
            }
            case Ipv6 six -> Cidr6.of(six, address.prefix());
        };
    }

    Ipv4 underlay() {
        return new Ipv4((10 << 24 | 99 << 16) + 10 + number);
    }

    String agentAddress() {
        return underlay() + ":" + port;
    }

    private NodeInventory inventory(String portState) {
        return NodeInventory.of(
                        "6.1.0",
                        2,
                        1L << 30,
                        List.of(
                                new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of(underlay() + "/24")),
                                new Nic("eth1", "02:00:00:00:00:02", 4200, "UP", List.of())),
                        List.of(new RdmaDevice(
                                "rxe0",
                                "eth1",
                                portState,
                                4096,
                                List.of(new GidEntry(
                                        0, "fe80:0000:0000:0000:0000:0000:0000:0001", "RoCE v2", "eth1")))))
                .tunnelling(tunnels() ? Optional.empty() : Optional.of("its kernel has no WireGuard"));
    }

    /** Whether it can have tunnels: most can. */
    private boolean tunnels() {
        return number % WITHOUT_TUNNELS != 0;
    }

    NodeInventory inventory() {
        return rdmaPortDown ? portDown : healthy;
    }

    /** Why the step fails; empty if it does not. */
    Optional<String> ails(Step step) {
        if (failing.isPresent() && step.title().startsWith(failing.get())) {
            if (--failures <= 0) {
                failing = Optional.empty();
            }
            return Optional.of("RTNETLINK answers: Cannot allocate memory");
        }
        return Optional.empty();
    }

    DeviceHarm harm() {
        return harm;
    }

    /** Something is wrong with its device from now on, or no longer. */
    void harm(DeviceHarm what) {
        harm = what;
        ailing |= what != DeviceHarm.NONE;
        if (what != DeviceHarm.HANGS) {
            List.copyOf(hanging).forEach(Runnable::run);
            hanging.clear();
        }
    }

    /** A check hangs as long as its device does. */
    void hangs(Runnable end) {
        hanging.add(end);
    }

    boolean deviceIsWell() {
        return harm == DeviceHarm.NONE && !rdmaPortDown;
    }

    void cure() {
        harm(DeviceHarm.NONE);
        failing = Optional.empty();
        failures = 0;
        slowness = 1;
        rdmaPortDown = false;
        cannotBeLookedAt = false;
        cannotLeave = false;
        noGid = false;
        unplugged = false;
        walled = false;
        narrow = Optional.empty();
        silent = false;
        disk.full = false;
    }

    Map<String, NetObject> objects() {
        return kernel.observe().objects();
    }

    /** Nothing of a cluster is on it. */
    boolean bare() {
        Map<String, NetObject> all = objects();
        Set<String> ofVpcs = new HashSet<>();
        for (NetObject object : all.values()) {
            if (object instanceof NetObject.Link link && link.owner().startsWith(ClusterNetworks.OWNER)) {
                ofVpcs.add(link.name());
            }
        }
        return all.values().stream().allMatch(object -> switch (object) {
            case NetObject.Link link -> ofVpcs.contains(link.name());
            case NetObject.Address address -> ofVpcs.contains(address.link());
            case NetObject.Neighbour neighbour -> ofVpcs.contains(neighbour.link());
            case NetObject.PriorityMap map -> ofVpcs.contains(map.link());
            case NetObject.DefaultTos tos -> false;
            case NetObject.Fdb fdb -> ofVpcs.contains(fdb.link());
            case NetObject.TunnelEnd end -> ofVpcs.contains(end.link());
            case NetObject.TunnelPeer peer -> ofVpcs.contains(peer.link());
            case NetObject.NftTable table -> ofVpc(table, all.keySet(), ofVpcs);
        });
    }

    /** A table comes before the link whose mark tells whose it is. */
    private static boolean ofVpc(NetObject.NftTable table, Set<String> keys, Set<String> links) {
        String link = table.name().replaceFirst("^scc_(netdev_)?", "");
        return links.contains(link)
                || link.matches("eni[1-9][0-9]*")
                || link.equals(Tunnel.DEVICE)
                || (link.matches("vpc[0-9]+")
                        && Integer.parseInt(link, 3, link.length(), 10) >= VpcRecord.FIRST_VNI
                        && !keys.contains("link:" + link));
    }

    /** The addresses of its ENIs, and of its cluster in a VPC, by their interfaces. */
    Map<String, Set<Ip>> enis() {
        Map<String, Set<Ip>> enis = new TreeMap<>();
        for (NetObject object : objects().values()) {
            if (object instanceof NetObject.Address address && address.link().startsWith("eni")) {
                enis.computeIfAbsent(address.link(), _ -> new TreeSet<>()).add(address.address());
            }
        }
        kernel.handed()
                .forEach((end, link) -> enis.put(
                        end,
                        link.addresses().stream()
                                .map(HandedLink.Placed::address)
                                .collect(Collectors.toCollection(TreeSet::new))));
        for (NetObject object : objects().values()) {
            if (object instanceof NetObject.Link link && link.kind() instanceof LinkKind.Tap) {
                enis.put(link.name(), guestBehind(link.name()));
            }
        }
        return enis;
    }

    /** Nothing here has a guest's addresses but the rules that keep him to them; none if there are none. */
    private Set<Ip> guestBehind(String tap) {
        Set<Ip> own = new TreeSet<>();
        if (objects().get("nft:" + HandedFilter.tableOf(tap)) instanceof NetObject.NftTable table) {
            Matcher matcher = OWN_ADDRESSES.matcher(table.body());
            while (matcher.find()) {
                List.of(matcher.group(1).split(", ")).forEach(address -> own.add(Ip.parse(address)));
            }
        }
        return own;
    }

    /** Whether the address is on the VLAN here. */
    boolean onSegment(int vlan, Ipv4 address) {
        return onSegment(kernel.observe(), vlan, address);
    }

    private static boolean onSegment(NetState state, int vlan, Ipv4 address) {
        return state.objects().containsKey("link:eth1." + vlan)
                && state.objects().containsKey("addr:eth1." + vlan + "/" + address);
    }

    @Override
    public String toString() {
        return instance;
    }
}
