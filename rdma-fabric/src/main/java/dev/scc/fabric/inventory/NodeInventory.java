package dev.scc.fabric.inventory;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.TrafficClass;
import dev.scc.host.Bounds;
import dev.scc.host.Later;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a node has, as its agent reports it.
 *
 * @param memoryBytes all of it, used or not
 * @param needs what it has to go on reaching by IPv4, whatever cluster it is in
 * @param needs6 the same by IPv6, which servers of before IPv6 do not read
 * @param traffic the class of its segments' traffic; empty of an agent that does not say it
 * @param tunnels why the node can have no tunnels, which encrypted VPCs need; blank if it can, empty of an agent that does not say it
 */
public record NodeInventory(
        String kernel,
        int cores,
        long memoryBytes,
        List<Nic> nics,
        List<RdmaDevice> rdmaDevices,
        @Later List<Need> needs,
        @Later List<Need> needs6,
        @Later Optional<TrafficClass> traffic,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) @Later Optional<String> tunnels) {
    private static final int LONGEST_KERNEL = 100;
    private static final int LONGEST_REASON = 150;

    public NodeInventory {
        kernel = Bounds.cut(kernel, LONGEST_KERNEL);
        Bounds.within("cores", cores, 0, Integer.MAX_VALUE);
        Bounds.within("memoryBytes", memoryBytes, 0, Long.MAX_VALUE);
        tunnels = tunnels.map(why -> Bounds.cut(why, LONGEST_REASON));
        nics = List.copyOf(nics);
        rdmaDevices = List.copyOf(rdmaDevices);
        List<Need> all = Stream.concat(needs.stream(), needs6.stream()).toList();
        needs = all.stream().filter(need -> !need.isIpv6()).toList();
        needs6 = all.stream().filter(Need::isIpv6).toList();
    }

    /** One that needs nothing. */
    public static NodeInventory of(
            String kernel, int cores, long memoryBytes, List<Nic> nics, List<RdmaDevice> rdmaDevices) {
        return new NodeInventory(
                kernel,
                cores,
                memoryBytes,
                nics,
                rdmaDevices,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** What it has to go on reaching, whatever cluster it is in. */
    public List<Need> allNeeds() {
        return Stream.concat(needs.stream(), needs6.stream()).toList();
    }

    /** The same, and these needs besides. */
    public NodeInventory needing(Collection<Need> more) {
        return new NodeInventory(
                kernel,
                cores,
                memoryBytes,
                nics,
                rdmaDevices,
                Stream.concat(needs.stream(), more.stream()).toList(),
                needs6,
                traffic,
                tunnels);
    }

    /** The same, with its segments' traffic in that class. */
    public NodeInventory in(TrafficClass chosen) {
        return new NodeInventory(
                kernel, cores, memoryBytes, nics, rdmaDevices, needs, needs6, Optional.of(chosen), tunnels);
    }

    /** The same without RDMA devices. */
    public NodeInventory withoutRdma() {
        return new NodeInventory(kernel, cores, memoryBytes, nics, List.of(), needs, needs6, traffic, tunnels);
    }

    /**
     * The same, and whether it can have tunnels.
     *
     * @param objection why not; empty if it can
     */
    public NodeInventory tunnelling(Optional<String> objection) {
        return new NodeInventory(
                kernel,
                cores,
                memoryBytes,
                nics,
                rdmaDevices,
                needs,
                needs6,
                traffic,
                Optional.of(objection.orElse("")));
    }

    /** Why it can have no tunnels, in words that go on after its name; empty if it can. */
    public Optional<String> tunnelObstacle() {
        return tunnels.map(why -> why.isEmpty() ? Optional.<String>empty() : Optional.of("can have no tunnels: " + why))
                .orElse(Optional.of("does not say whether it can have tunnels: its agent is of an older release"));
    }

    /** The interface of that name. */
    public Optional<Nic> nic(String name) {
        return nics.stream().filter(nic -> nic.name().equals(name)).findFirst();
    }
}
