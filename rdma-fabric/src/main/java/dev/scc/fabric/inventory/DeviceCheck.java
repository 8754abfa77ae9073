package dev.scc.fabric.inventory;

import dev.scc.host.Ipv4;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an RDMA device, looked at alone, is as well as when it was noted: by sysfs, in a few milliseconds. Counters of packets that
 * were lost or sent again tell of the fabric, of other nodes and of jobs; only those of the device's own link count. Safe for use by
 * several threads.
 */
public final class DeviceCheck {
    private static final Logger log = LoggerFactory.getLogger(DeviceCheck.class);

    /** By the names of the kernel's ib_port counters; in software there is only one of them. */
    private static final Set<String> OF_THE_LINK = Set.of(
            "excessive_buffer_overrun_errors",
            "link_downed",
            "link_error_recovery",
            "local_link_integrity_errors",
            "port_rcv_errors",
            "symbol_error");

    private static final Pattern RATE = Pattern.compile("([0-9]+(\\.[0-9]+)?) Gb/sec");

    /** A link that is set anew, as with another MTU, counts a few. */
    private static final long TOLERATED = 10;

    private final RdmaSysfs sysfs;
    private final Map<String, Noted> noted = new ConcurrentHashMap<>();

    /** @param rate of its link, as the kernel writes it; empty if it does not */
    private record Noted(Map<String, Long> counters, String rate) {}

    /** Of this machine's devices. */
    public DeviceCheck() {
        this(RdmaSysfs.local());
    }

    /** Of the devices of a machine, or of a captured tree. */
    public DeviceCheck(RdmaSysfs sysfs) {
        this.sysfs = sysfs;
    }

    /** Notes how it is now. */
    public void note(String device) {
        noted.remove(device);
        try {
            noted.put(device, new Noted(counters(device), sysfs.rate(device)));
        } catch (IOException e) {
            log.atDebug().addKeyValue("device", device).setCause(e).log("no counters to compare with later");
        }
    }

    /**
     * What is not well, in words; empty if all is.
     *
     * @param netdev its interface
     * @param addresses of that interface, IPv4, in {@code ADDRESS/PREFIX} notation
     */
    public Optional<String> worse(String device, String netdev, List<String> addresses) {
        Optional<String> worse;
        try {
            worse = wrong(device, netdev, addresses);
        } catch (IOException e) {
            log.atDebug().addKeyValue("device", device).setCause(e).log("no device");
            worse = Optional.of("RDMA device " + device + " is gone");
        }
        return worse;
    }

    private Optional<String> wrong(String device, String netdev, List<String> addresses) throws IOException {
        Optional<String> down = PortState.now(sysfs, device);
        if (down.isPresent()) {
            return Optional.of(
                    "port 1 of RDMA device " + device + " is " + down.get() + " (ip link show dev " + netdev + ")");
        }
        for (String address : addresses) {
            Ipv4 own = Ipv4.parse(address.substring(0, address.indexOf('/')));
            if (Gids.find(sysfs, device, own, netdev).isEmpty()) {
                return Optional.of("RDMA device " + device + " has no GID for " + own + " of " + netdev);
            }
        }
        Map<String, Long> now = counters(device);
        return slower(device).or(() -> risen(device, now));
    }

    /** A cable that carries only a part of its lanes, or a port that has agreed on less. */
    private Optional<String> slower(String device) {
        String before = Optional.ofNullable(noted.get(device)).map(Noted::rate).orElse("");
        String now = sysfs.rate(device);
        return gigabits(now) > 0 && gigabits(now) < gigabits(before)
                ? Optional.of("the link of RDMA device %s has %s and had %s".formatted(device, now, before))
                : Optional.empty();
    }

    /** Of a rate such as {@code 100 Gb/sec (4X EDR)}; 0 if it is none. */
    private static double gigabits(String rate) {
        Matcher matcher = RATE.matcher(rate);
        return matcher.lookingAt() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    private Optional<String> risen(String device, Map<String, Long> now) {
        Map<String, Long> before =
                Optional.ofNullable(noted.get(device)).map(Noted::counters).orElse(Map.of());
        return now.entrySet().stream()
                .filter(counter -> before.containsKey(counter.getKey())
                        && counter.getValue() - before.getOrDefault(counter.getKey(), 0L) > TOLERATED)
                .map(counter -> "%s of RDMA device %s rose by %d while the node was in a cluster"
                        .formatted(
                                counter.getKey(),
                                device,
                                counter.getValue() - before.getOrDefault(counter.getKey(), 0L)))
                .findFirst();
    }

    private Map<String, Long> counters(String device) throws IOException {
        Map<String, Long> counters = new TreeMap<>(sysfs.counters(device));
        counters.keySet().retainAll(OF_THE_LINK);
        return counters;
    }
}
