package dev.scc.host.net;

import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.Mac;
import dev.scc.host.MemoryText;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import dev.scc.host.net.NetObject.NftTable;
import dev.scc.host.net.NetObject.PriorityMap;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Small states out of few names, so that two of them often share objects, change some, and stack links differently. */
final class RandomStates {
    static final List<String> NETDEVS = List.of("eth0", "eth1");

    private static final List<TunnelKey> PEERS = Stream.iterate((byte) 1, number -> (byte) (number + 1))
            .limit(4)
            .map(number -> {
                byte[] key = new byte[TunnelKey.LENGTH];
                key[0] = number;
                return TunnelKey.of(key);
            })
            .toList();

    private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.EPOCH);
    private static final TunnelKeys KEYS = new TunnelKeys(new MemoryText("keys"), NOW::get, new SplittableRandom(1));
    /** A day apart, so that a machine has both. */
    private static final List<TunnelKey> OWN = own();

    private final Random random;

    RandomStates(Random random) {
        this.random = random;
    }

    private static List<TunnelKey> own() {
        try {
            TunnelKey first = KEYS.current();
            NOW.set(Instant.EPOCH.plus(Duration.ofDays(2)));
            return List.of(first, KEYS.current());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that has nothing yet, and can have all of that. */
    static MemoryMachine machine() {
        return new MemoryMachine(NETDEVS, Optional.of(KEYS));
    }

    NetState next() {
        List<NetObject> objects = new ArrayList<>();
        List<String> parents = new ArrayList<>(NETDEVS);
        // Each link may sit on any before it, so that chains of several come about.
        for (int number = 0; number < 5; number++) {
            if (random.nextInt(3) > 0) {
                String parent = parents.get(random.nextInt(parents.size()));
                // Names in random relation to the stacking order.
                String name = List.of("c", "a", "e", "b", "d").get(number);
                objects.add(new Link(name, owner(), kind(parent), 1400 + random.nextInt(2), mac()));
                parents.add(name);
                furnish(name, objects);
            }
        }
        for (String table : List.of("scc_a", "scc_b")) {
            if (random.nextBoolean()) {
                objects.add(new NftTable(table, "chain c" + random.nextInt(2) + " { }"));
            }
        }
        if (random.nextBoolean()) {
            objects.add(new NetObject.DefaultTos("rxe0", 100 + random.nextInt(2)));
        }
        return NetState.of(objects);
    }

    private void furnish(String link, List<NetObject> objects) {
        if (random.nextInt(3) == 0) {
            objects.add(new PriorityMap(link, Map.of(0, 1 + random.nextInt(2))));
        }
        for (int number = 1; number < 4; number++) {
            Ipv4 address = Ipv4.parse("10.0.0." + number);
            if (random.nextInt(3) == 0) {
                objects.add(new Address(link, address, 24 + random.nextInt(2)));
            }
            if (random.nextInt(3) == 0) {
                objects.add(new Neighbour(link, address, Mac.of(Ipv4.parse("10.0.0." + random.nextInt(2)))));
            }
            Ipv6 six = Ipv6.parse("fd00::" + number);
            if (random.nextInt(4) == 0) {
                objects.add(new Address(link, six, 64 + random.nextInt(2)));
            }
            if (random.nextInt(4) == 0) {
                objects.add(new Neighbour(link, six, Mac.of(Ipv4.parse("10.0.0." + random.nextInt(2)))));
            }
            if (random.nextInt(3) == 0) {
                objects.add(new Fdb(link, Mac.of(address), Ipv4.parse("10.1.0." + random.nextInt(2))));
            }
            if (random.nextInt(4) == 0) {
                objects.add(new NetObject.TunnelPeer(
                        link, PEERS.get(number), six, Ipv4.parse("10.1.0." + random.nextInt(2)), 61_820));
            }
        }
        if (random.nextInt(3) == 0) {
            objects.add(new NetObject.TunnelEnd(link, OWN.get(random.nextInt(2)), 61_820));
        }
    }

    private String owner() {
        return random.nextInt(4) > 0 ? "red" : "blue";
    }

    private Optional<Mac> mac() {
        return random.nextBoolean() ? Optional.empty() : Optional.of(Mac.of(Ipv4.parse("10.2.0." + random.nextInt(2))));
    }

    private LinkKind kind(String parent) {
        return switch (random.nextInt(4)) {
            case 3 -> new LinkKind.Tunnel();
            case 0 -> new LinkKind.Vlan(parent, 70 + random.nextInt(2));
            case 1 -> new LinkKind.Macvlan(parent);
            default ->
                new LinkKind.Vxlan(
                        70 + random.nextInt(2),
                        parent,
                        random.nextBoolean() ? Ipv4.parse("10.3.0.1") : Ipv6.parse("fd03::1"),
                        4789);
        };
    }
}
