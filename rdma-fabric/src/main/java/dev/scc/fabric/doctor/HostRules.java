package dev.scc.fabric.doctor;

import dev.scc.fabric.doctor.NodeFacts.Device;
import dev.scc.fabric.doctor.NodeFacts.Pci;
import dev.scc.fabric.doctor.Rule.Symptom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Rules about the machine: libraries, limits, the bus, the clock. */
final class HostRules {
    private static final long TOLERATED_SKEW_MILLIS = 1_000;

    /** What rdma-core's providers accept: the least and the most (its sources, match_min_abi_version and match_max). */
    private static final Map<String, Range> ABI =
            Map.of("mlx5", new Range(1, 1), "irdma", new Range(0, 5), "rxe", new Range(1, 2));

    private record Range(int least, int most) {}

    static final List<Rule> ALL = List.of(
            Rule.warning("memlock", HostRules::memlock),
            Rule.error("provider-missing", HostRules::provider),
            Rule.error("provider-abi", HostRules::abi),
            Rule.error("verbs-library", HostRules::library),
            Rule.info("iommu", HostRules::iommu),
            Rule.info("relaxed-ordering", HostRules::ordering),
            Rule.info("acs", HostRules::acs),
            Rule.warning("pcie-degraded", HostRules::degraded),
            Rule.warning("peer-memory", HostRules::peerMemory),
            Rule.warning("clock-skew", HostRules::clock));

    private HostRules() {}

    private static List<Symptom> memlock(NodeFacts facts) {
        String limit = facts.host().memlock();
        return facts.devices().isEmpty() || limit.isEmpty() || limit.equals("unlimited")
                ? List.of()
                : List.of(new Symptom(
                        "the agent and its jobs may lock " + limit + " bytes of memory",
                        "mkdir -p /etc/systemd/system/scc-agent.service.d && printf '[Service]\\nLimitMEMLOCK=infinity\\n'"
                                + " > /etc/systemd/system/scc-agent.service.d/memlock.conf && systemctl daemon-reload"
                                + " && systemctl restart scc-agent"));
    }

    private static List<Symptom> provider(NodeFacts facts) {
        return facts.devices().stream()
                .filter(one ->
                        !one.provider().isEmpty() && !facts.host().providers().contains(one.provider()))
                .map(one -> new Symptom(
                        "libibverbs has no provider " + one.provider() + " for " + one.name(),
                        "apt-get install ibverbs-providers"))
                .toList();
    }

    private static List<Symptom> abi(NodeFacts facts) {
        return facts.devices().stream()
                .flatMap(one -> one.abi().flatMap(version -> apart(one, version)).stream())
                .toList();
    }

    private static Optional<Symptom> apart(Device one, int version) {
        return Optional.ofNullable(ABI.get(one.provider()))
                .filter(known -> version < known.least || version > known.most)
                .map(known -> new Symptom(
                        "the driver of %s speaks version %d; provider %s knows %d to %d"
                                .formatted(one.name(), version, one.provider(), known.least, known.most),
                        "apt-get install --only-upgrade rdma-core ibverbs-providers"));
    }

    private static List<Symptom> library(NodeFacts facts) {
        return facts.devices().isEmpty() || facts.verbsProblem().isEmpty()
                ? List.of()
                : List.of(new Symptom(facts.verbsProblem(), "apt-get install libibverbs1 librdmacm1"));
    }

    private static List<Symptom> iommu(NodeFacts facts) {
        return pci(
                facts,
                pci -> pci.iommu().startsWith("DMA"),
                (device, pci) -> new Symptom(
                        "every access of %s to memory is translated (IOMMU group of type %s)"
                                .formatted(device.name(), pci.iommu()),
                        "# add iommu=pt to the kernel's command line and boot"));
    }

    private static List<Symptom> ordering(NodeFacts facts) {
        return pci(
                facts,
                pci -> pci.relaxedOrdering().filter(on -> !on).isPresent(),
                (device, pci) -> new Symptom(
                        "PCIe relaxed ordering is off for " + device.name(),
                        "setpci -s " + pci.slot() + " CAP_EXP+8.w=10:10"));
    }

    private static List<Symptom> acs(NodeFacts facts) {
        return pci(
                facts,
                pci -> !pci.acs().isEmpty(),
                (device, pci) -> new Symptom(
                        "bridge %s above %s redirects traffic between peers (ACS)".formatted(pci.acs(), device.name()),
                        "setpci -s " + pci.acs() + " ECAP_ACS+6.w=0000"));
    }

    private static List<Symptom> degraded(NodeFacts facts) {
        return pci(
                facts,
                pci -> !pci.mostWidth().isEmpty()
                        && (!pci.width().equals(pci.mostWidth()) || !pci.speed().equals(pci.mostSpeed())),
                (device, pci) -> new Symptom(
                        "%s is attached with x%s at %s, and could be with x%s at %s"
                                .formatted(device.name(), pci.width(), pci.speed(), pci.mostWidth(), pci.mostSpeed()),
                        "# look at the slot: lspci -vv -s " + pci.slot()));
    }

    private static List<Symptom> peerMemory(NodeFacts facts) {
        List<String> modules = facts.host().modules();
        return modules.contains("nvidia")
                        && !modules.contains("nvidia_peermem")
                        && facts.devices().stream().anyMatch(one -> !one.software())
                ? List.of(new Symptom(
                        "GPUs are here, and adapters cannot reach their memory: nvidia_peermem is not loaded",
                        "modprobe nvidia-peermem"))
                : List.of();
    }

    private static List<Symptom> clock(NodeFacts facts) {
        return facts.clock().stream()
                .filter(clock -> Math.abs(clock.aheadMillis()) - clock.withinMillis() > TOLERATED_SKEW_MILLIS)
                .map(clock -> new Symptom(
                        "the clock is %d ms %s the server's, give or take %d"
                                .formatted(
                                        Math.abs(clock.aheadMillis()),
                                        clock.aheadMillis() > 0 ? "ahead of" : "behind",
                                        clock.withinMillis()),
                        "chronyc makestep"))
                .toList();
    }

    private static List<Symptom> pci(NodeFacts facts, Predicate<Pci> wrong, BiFunction<Device, Pci, Symptom> symptom) {
        return facts.devices().stream()
                .flatMap(device -> device.pci().stream().filter(wrong).map(pci -> symptom.apply(device, pci)))
                .toList();
    }
}
