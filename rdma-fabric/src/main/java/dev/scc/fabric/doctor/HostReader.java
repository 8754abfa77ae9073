package dev.scc.fabric.doctor;

import dev.scc.fabric.doctor.NodeFacts.Device;
import dev.scc.fabric.doctor.NodeFacts.Host;
import dev.scc.fabric.doctor.NodeFacts.Netdev;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what the machine itself is, and how it is set. */
record HostReader(Sysfs files) {
    private static final List<String> CONF = List.of("rp_filter", "arp_ignore", "arp_announce");
    private static final List<String> SYSCTLS =
            List.of("net.core.rmem_max", "net.core.wmem_max", "net.ipv4.ip_forward", "net.ipv4.tcp_congestion_control");
    private static final List<String> MODULES =
            List.of("8021q", "ib_uverbs", "nvidia", "nvidia_peermem", "rdma_cm", "rdma_rxe", "rdma_ucm", "vxlan");
    private static final String MEMLOCK = "Max locked memory";

    /** As whoever calls sees it: sysctls are those of the calling thread's namespace. */
    Host read(List<Netdev> netdevs, List<Device> devices) {
        Map<String, String> sysctls = new TreeMap<>();
        SYSCTLS.forEach(
                name -> files.text("proc/sys/" + name.replace('.', '/')).ifPresent(value -> sysctls.put(name, value)));
        List<String> interfaces = new ArrayList<>(List.of("all"));
        netdevs.stream()
                .map(Netdev::name)
                .filter(name ->
                        devices.stream().anyMatch(one -> one.device().netdev().equals(name)))
                .forEach(interfaces::add);
        for (String netdev : interfaces) {
            CONF.forEach(name -> files.text("proc/sys/net/ipv4/conf/" + netdev + "/" + name)
                    .ifPresent(value -> sysctls.put("net.ipv4.conf." + netdev + "." + name, value)));
        }
        return new Host(
                files.text("proc/sys/kernel/osrelease").orElse(""),
                rdmaCore(),
                memlock(),
                files.text("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
                        .orElse(""),
                files.text("sys/module/ib_core/parameters/netns_mode").map("Y"::equals),
                sysctls,
                MODULES.stream()
                        .filter(name -> files.there("sys/module/" + name))
                        .toList(),
                files.names("etc/libibverbs.d").stream()
                        .map(name -> name.replaceFirst("\\.driver$", ""))
                        .toList());
    }

    private String rdmaCore() {
        return files.names("usr/lib").stream()
                .filter(name -> name.endsWith("-linux-gnu"))
                .map(name -> "usr/lib/" + name)
                .flatMap(directory -> files.names(directory).stream())
                .filter(name -> name.matches("libibverbs\\.so\\.1\\.[0-9.]+"))
                .findFirst()
                .orElse("");
    }

    private String memlock() {
        return files.text("proc/self/limits").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(MEMLOCK))
                .map(line -> line.substring(MEMLOCK.length()).strip().split(" +", -1)[0])
                .findFirst()
                .orElse("");
    }
}
