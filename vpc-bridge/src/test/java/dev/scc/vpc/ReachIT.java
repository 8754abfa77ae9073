package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import dev.scc.vpc.Traffic.Ports;
import dev.scc.vpc.Traffic.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Reach} says, and what packets do. */
class ReachIT {
    private static final VpcNetwork VPC = new VpcNetwork(
            "lab",
            new Vni(5_000),
            Cidr.parse("172.20.0.0/24"),
            Optional.empty(),
            Optional.of(Cidr6.parse("fd00:20::/64")));
    private static final int NODES = 4;
    private static final int ROUNDS = 8;
    private static final String DEVICE = "eni1";
    /** Sources of probes: each is used once, so that no connection that is tracked still passes for another. */
    private static final int FIRST_SOURCE = 20_000;

    private static final List<Traffic> PINGS =
            List.of(new Traffic(Protocol.ICMP, Optional.empty()), new Traffic(Protocol.ICMPV6, Optional.empty()));

    private final List<LinuxMachine> machines = new ArrayList<>();
    private final List<DatagramChannel> receivers = new ArrayList<>();
    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private Underlay underlay;
    private int sources;

    /** Something that is begun by the node of the first number with that of the second, by their addresses of IPv4 or of IPv6. */
    private record Probe(int from, int to, int version, Traffic what) {}

    @BeforeEach
    void nodes() throws Exception {
        underlay = new Underlay(NODES);
        for (int node = 1; node <= NODES; node++) {
            machines.add(new LinuxMachine(underlay.network(node)));
            reach(node, wanted(node, Optional.empty()));
            for (Ip address : addresses(node)) {
                for (int port = RandomGroups.FIRST_PORT; port <= RandomGroups.LAST_PORT; port++) {
                    InetSocketAddress place = new InetSocketAddress(address.toString(), port);
                    listeners.add(underlay.network(node)
                            .inside(() -> ServerSocketChannel.open().bind(place, 100)));
                    receivers.add(underlay.network(node)
                            .inside(() -> DatagramChannel.open().bind(place)));
                }
            }
        }
        for (DatagramChannel receiver : receivers) {
            receiver.configureBlocking(false);
        }
    }

    @AfterEach
    void remove() throws Exception {
        for (ServerSocketChannel listener : listeners) {
            listener.close();
        }
        for (DatagramChannel receiver : receivers) {
            receiver.close();
        }
        underlay.close();
    }

    private static List<Ip> addresses(int node) {
        return Underlay.member(VPC, node, node).addresses().all();
    }

    private static Ip address(int node, int version) {
        return addresses(node).get(version);
    }

    private static NetState wanted(int node, Optional<EniFilter> filter) {
        List<VpcMember> members = IntStream.rangeClosed(1, NODES)
                .mapToObj(each -> Underlay.member(VPC, each, each))
                .toList();
        NetState vpc = VpcPlan.of("vpc.lab", VPC, members, DEVICE).wanted(Underlay.name(node), "eth0", 1_500);
        return filter.map(known -> vpc.and(NetState.of(List.of(known.table())))).orElse(vpc);
    }

    private void reach(int node, NetState wanted) throws CommandFailed {
        LinuxMachine machine = machines.get(node - 1);
        assertThat(new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), wanted)))
                .isInstanceOf(PlanOutcome.Done.class);
        assertThat(NetPlanner.plan(machine.observe(), wanted)).isEmpty();
    }

    private static List<Probe> probes() {
        List<Probe> probes = new ArrayList<>();
        for (int from = 1; from <= NODES; from++) {
            for (int to = 1; to <= NODES; to++) {
                if (from != to) {
                    for (int version = 0; version < 2; version++) {
                        probes.add(new Probe(from, to, version, PINGS.get(version)));
                        for (int port = RandomGroups.FIRST_PORT; port <= RandomGroups.LAST_PORT; port++) {
                            Optional<Ports> ports = Optional.of(new Ports(port, port));
                            probes.add(new Probe(from, to, version, new Traffic(Protocol.UDP, ports)));
                            probes.add(new Probe(from, to, version, new Traffic(Protocol.TCP, ports)));
                        }
                    }
                }
            }
        }
        return probes;
    }

    /** Those that get through: when all that are expected have, whatever else has by then, too. */
    private Set<Probe> through(List<Probe> probes, Set<Probe> expected) throws Exception {
        Set<Probe> through = ConcurrentHashMap.newKeySet();
        Map<Probe, SocketChannel> connecting = new HashMap<>();
        for (int number = 0; number < probes.size(); number++) {
            Probe probe = probes.get(number);
            switch (probe.what().protocol()) {
                case UDP -> send(probe, number);
                case TCP -> connecting.put(probe, connect(probe));
                case ICMP, ICMPV6, ANY -> {}
            }
        }
        List<Thread> pings = probes.stream()
                .filter(probe -> PINGS.contains(probe.what()))
                .map(probe -> Thread.ofVirtual().start(() -> ping(probe, through)))
                .toList();
        for (Thread ping : pings) {
            ping.join();
        }
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    received(probes, through);
                    for (Map.Entry<Probe, SocketChannel> each : connecting.entrySet()) {
                        if (!through.contains(each.getKey()) && connected(each.getValue())) {
                            through.add(each.getKey());
                        }
                    }
                    return through.containsAll(expected);
                });
        for (SocketChannel channel : connecting.values()) {
            channel.close();
        }
        for (ServerSocketChannel listener : listeners) {
            listener.configureBlocking(false);
            for (SocketChannel one = listener.accept(); one != null; one = listener.accept()) {
                one.close();
            }
        }
        return through;
    }

    private InetSocketAddress source(Probe probe) {
        return new InetSocketAddress(address(probe.from(), probe.version()).toString(), FIRST_SOURCE + sources++);
    }

    private static InetSocketAddress target(Probe probe) {
        return new InetSocketAddress(
                address(probe.to(), probe.version()).toString(),
                probe.what().ports().orElseThrow().first());
    }

    private void send(Probe probe, int number) throws Exception {
        InetSocketAddress source = source(probe);
        try (DatagramChannel channel = underlay.network(probe.from())
                .inside(() -> DatagramChannel.open().bind(source))) {
            channel.send(ByteBuffer.allocate(Integer.BYTES).putInt(0, number), target(probe));
        } catch (IOException e) {
            // Its own filter has dropped it, and tells the sender.
        }
    }

    private SocketChannel connect(Probe probe) throws Exception {
        InetSocketAddress source = source(probe);
        SocketChannel channel =
                underlay.network(probe.from()).inside(() -> SocketChannel.open().bind(source));
        channel.configureBlocking(false);
        channel.connect(target(probe));
        return channel;
    }

    private static boolean connected(SocketChannel channel) {
        try {
            return channel.finishConnect();
        } catch (IOException e) {
            return false;
        }
    }

    private void received(List<Probe> probes, Set<Probe> through) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES);
        for (DatagramChannel receiver : receivers) {
            while (receiver.receive(buffer.clear()) != null) {
                through.add(probes.get(buffer.getInt(0)));
            }
        }
    }

    private void ping(Probe probe, Set<Probe> through) {
        Command ping = Command.of(
                "ping",
                "-c",
                "2",
                "-i",
                "0.05",
                "-W",
                "0.3",
                address(probe.to(), probe.version()).toString());
        try {
            if (underlay.node(probe.from()).run(ping).ok()) {
                through.add(probe);
            }
        } catch (CommandFailed e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatTheRulesSayIsWhatPacketsDo() throws Exception {
        List<List<Ip>> addresses =
                IntStream.rangeClosed(1, NODES).mapToObj(ReachIT::addresses).toList();
        List<Probe> probes = probes();
        long first = new Random().nextInt(1_000_000);
        for (long seed = first; seed < first + ROUNDS; seed++) {
            RandomGroups groups = RandomGroups.of(
                    new Random(seed), List.of(VPC.cidr(), VPC.cidr6().orElseThrow()), addresses);
            for (int node = 1; node <= NODES; node++) {
                reach(node, wanted(node, groups.filter(DEVICE, address(node, 0))));
            }
            Set<Probe> expected = new HashSet<>();
            for (Probe probe : probes) {
                if (groups.reach(
                                address(probe.from(), probe.version()),
                                address(probe.to(), probe.version()),
                                probe.what())
                        .allowed()) {
                    expected.add(probe);
                }
            }

            assertThat(through(probes, expected))
                    .as("seed %d, of %s", seed, groups)
                    .isEqualTo(expected);
        }
    }

    private static Optional<EniFilter> filter(String... rules) {
        GroupName group = new GroupName("a");
        List<GroupRule> its = Stream.of(rules).map(GroupRule::parse).toList();
        return Optional.of(new EniFilter(DEVICE, List.of(new SecurityGroup(group, its)), Map.of()));
    }

    @Test
    void aConnectionEndsWithTheRuleThatLetItBegin() throws Exception {
        String tcp = " tcp/" + RandomGroups.FIRST_PORT + " 172.20.0.0/24";
        Probe probe = new Probe(1, 2, 0, GroupRule.parse("in" + tcp).traffic());
        reach(1, wanted(1, filter("out" + tcp)));
        reach(2, wanted(2, filter("in" + tcp)));
        try (SocketChannel from = connect(probe)) {
            await().until(() -> connected(from));
            int first = 2 * (RandomGroups.LAST_PORT - RandomGroups.FIRST_PORT + 1);
            try (SocketChannel to = listeners.get(first).accept()) {
                to.configureBlocking(false);
                for (int end = 1; end <= 2; end++) {
                    reach(end, wanted(end, filter()));
                    from.write(ByteBuffer.wrap(new byte[] {7}));
                    await().until(() -> underlay.node(1)
                            .check(Command.of("ss", "-tin", "dst", "172.20.0.2"))
                            .contains("backoff:"));
                    assertThat(to.read(ByteBuffer.allocate(1))).isZero();

                    reach(end, wanted(end, filter(end == 1 ? "out" + tcp : "in" + tcp)));
                    await().until(() -> to.read(ByteBuffer.allocate(1)) == 1);
                }
            }
        }
    }

    @Test
    void aFilterThatIsChangedByHandIsSeenAndPutBackAndLeavesNothingBehind() throws Exception {
        RandomGroups closed = new RandomGroups(
                Map.of(new GroupName("a"), new SecurityGroup(new GroupName("a"), List.of())),
                Map.of(address(1, 0), List.of(new GroupName("a"))));
        NetState wanted = wanted(1, closed.filter(DEVICE, address(1, 0)));
        reach(1, wanted);
        String foreign = "table inet other { chain input { type filter hook input priority 5; counter; }; }";
        underlay.node(1).check(Command.of("nft", "-f", "-").withInput(foreign));
        Command other = Command.of("nft", "-s", "list", "table", "inet", "other");
        String before = underlay.node(1).check(other);

        underlay.node(1).check(Command.of("nft", "flush", "chain", "inet", "scc_eni1", "input"));

        assertThat(NetPlanner.plan(machines.getFirst().observe(), wanted)).isNotEmpty();
        reach(1, wanted);
        reach(1, NetState.empty());
        assertThat(underlay.node(1).check(other)).isEqualTo(before);
        assertThat(underlay.node(1).check(Command.of("nft", "list", "tables"))).doesNotContain("scc_");
    }

    /** Root on a member can remove our table there, and give its interface whatever addresses it likes. */
    @Test
    void aMemberThatForgesItsAddressesIsNotHeard() throws Exception {
        List<String> forged =
                List.of("ip addr add 172.20.0.3/24 dev eni1", "ip link set dev eni1 address 02:5c:ac:14:00:03");
        for (String forgery : forged) {
            underlay.node(1).run(Command.of("nft", "delete", "table", "inet", "scc_vpc5000"));
            underlay.node(1).check(Command.of(List.of(forgery.split(" "))));
            // With another Ethernet address the kernel forgets the neighbours.
            String neighbour = "ip neigh replace 172.20.0.2 lladdr 02:5c:ac:14:00:02 dev eni1 nud permanent";
            underlay.node(1).check(Command.of(List.of(neighbour.split(" "))));
            String source = forgery.contains("addr add") ? "172.20.0.3" : "172.20.0.1";
            Command ping = Command.of("ping", "-c", "1", "-W", "0.2", "-I", source, "172.20.0.2");

            long before = received();
            underlay.node(1).run(ping);
            assertThat(received()).as(forgery).isEqualTo(before);

            underlay.node(2).check(Command.of("nft", "delete", "table", "inet", "scc_vpc5000"));
            underlay.node(1).run(ping);
            assertThat(received()).as("%s, without the shield", forgery).isGreaterThan(before);
            underlay.node(1).run(Command.of("ip", "addr", "del", "172.20.0.3/24", "dev", "eni1"));
            reach(2, wanted(2, Optional.empty()));
        }
    }

    private long received() throws CommandFailed {
        return Long.parseLong(underlay.node(2)
                .check(Command.of("cat", "/sys/class/net/eni1/statistics/rx_packets"))
                .strip());
    }
}
