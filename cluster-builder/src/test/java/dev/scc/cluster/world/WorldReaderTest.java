package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Pools;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading what has changed comes to the same as reading everything, on a real ZooKeeper. */
@Timeout(240)
class WorldReaderTest {
    private static final Alive MACHINE = Alive.at("i1", Ipv4.parse("10.99.0.11"));
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int NODES = 12;

    private final long seed = Long.getLong("seed", 1);
    private final Random random = new Random(seed);

    @TempDir
    Path directory;

    private EmbeddedZooKeeper server;
    private ZooKeeperTree tree;
    private ZooKeeperTree other;
    private int written;

    @BeforeEach
    void start() throws Exception {
        server = start(0);
        tree = open();
        other = open();
        List<Op> ops = new ArrayList<>();
        Paths.FOLDERS.forEach(folder -> ops.add(new Op.Create(folder, "")));
        ops.add(new Op.Create(Paths.POOLS, Json.write(Pools.empty())));
        other.commit(ops);
    }

    private EmbeddedZooKeeper start(int port) throws Exception {
        return EmbeddedZooKeeper.start(directory, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private ZooKeeperTree open() throws Exception {
        ZooKeeperTree opened =
                TreeSessions.open("127.0.0.1:" + server.port(), Connections.plain(), Duration.ofSeconds(10));
        assertThat(opened.awaitConnected(LONG)).isTrue();
        return opened;
    }

    @AfterEach
    void stop() {
        tree.close();
        other.close();
        server.close();
    }

    private static NodeName node(int number) {
        return new NodeName("n" + number);
    }

    private String status() {
        return Json.write(new NodeStatus(
                0, new NodeStatus.Clean(), List.of(new PhaseTime("change " + written++, random.nextInt(3)))));
    }

    private boolean there(String path) throws Exception {
        return other.get(path).isPresent();
    }

    /** Something that a controller, an agent or an operator with a shell may do. */
    private void change() throws Exception {
        NodeName name = node(random.nextInt(NODES));
        ClusterName cluster = new ClusterName("c" + random.nextInt(3));
        switch (random.nextInt(10)) {
            case 9 -> {
                String path = random.nextBoolean() ? Paths.plugs(name) : Paths.plugged(name);
                toggle(List.of(new Op.Create(
                        path,
                        path.equals(Paths.plugs(name))
                                ? Json.write(NodePlugs.NONE)
                                : Json.write(new PlugStatus(written++, Optional.empty())))));
            }
            case 6 -> {
                VpcName vpc = new VpcName("v" + random.nextInt(2));
                toggle(List.of(new Op.Create(
                        Paths.vpc(vpc),
                        Json.write(new VpcRecord(
                                // One that is somebody else's is as good as not there.
                                random.nextInt(4) == 0 ? new VpcName("other") : vpc,
                                new Vni(5_000 + random.nextInt(9)),
                                Cidr.parse("172.20.0.0/24"),
                                1_450,
                                Optional.empty(),
                                written++)))));
            }
            case 7 -> {
                VpcName vpc = new VpcName("v" + random.nextInt(2));
                if (there(Paths.vpc(vpc))) {
                    toggle(List.of(new Op.Create(
                            Paths.vpc(vpc) + "/cluster-7" + random.nextInt(2),
                            Json.write(new Holding("cluster c" + written++, List.of(), List.of())))));
                }
            }
            case 8 -> {
                GroupName group = new GroupName("g" + random.nextInt(2));
                toggle(List.of(new Op.Create(
                        Paths.group(group),
                        Json.write(new GroupRecord(
                                random.nextInt(4) == 0 ? new GroupName("other") : group,
                                new VpcName("v0"),
                                List.of(),
                                Optional.empty(),
                                written++)))));
            }
            case 0 ->
                toggle(List.of(
                        new Op.Create(Paths.node(name), Json.write(NodeRecord.enrolled(name, MACHINE))),
                        new Op.Create(Paths.assign(name), Json.write(new Assignment.Free(written++, 0)))));
            case 1, 2 -> set(Paths.status(name), status());
            case 3 ->
                set(
                        Paths.cluster(cluster),
                        Json.write(ClusterRecord.begun(
                                ClusterSpec.of(cluster.value(), 1), 70, List.of(name), written++, "r")));
            case 4 -> {
                if (there(Paths.node(name))) {
                    toggle(List.of(new Op.CreateEphemeral(Paths.alive(name), "")));
                }
            }
            default -> {
                // The same version again, with another text.
                if (there(Paths.status(name))) {
                    other.commit(List.of(new Op.Delete(Paths.status(name), Op.ANY)));
                    other.commit(List.of(new Op.Create(Paths.status(name), status())));
                }
            }
        }
    }

    private void set(String path, String text) throws Exception {
        other.commit(List.of(there(path) ? new Op.Set(path, text, Op.ANY) : new Op.Create(path, text)));
    }

    private void toggle(List<Op> creation) throws Exception {
        List<Op> ops = new ArrayList<>();
        for (Op op : creation) {
            if (there(op.path())) {
                for (String child : other.children(op.path())) {
                    ops.add(new Op.Delete(op.path() + "/" + child, Op.ANY));
                }
                ops.add(new Op.Delete(op.path(), Op.ANY));
            } else {
                ops.add(op);
            }
        }
        other.commit(ops);
    }

    @Test
    void afterEveryChangeItIsTheSameAsReadingEverything() throws Exception {
        WorldReader reader = WorldReader.watching(tree);
        for (int round = 0; round < 500; round++) {
            int changes = random.nextInt(4);
            for (int number = 0; number < changes; number++) {
                change();
            }
            // So that this session is not behind the other: what it reads first comes after a write of its own.
            tree.commit(List.of(new Op.Set(Paths.EVENTS, "", Op.ANY)));

            World world = reader.read(Instant.EPOCH.plusMillis(round));

            assertThat(world).as("seed %d, round %d", seed, round).isEqualTo(World.read(other));
        }
    }

    private void enrol(int number) throws Exception {
        other.commit(List.of(
                new Op.Create(Paths.node(node(number)), Json.write(NodeRecord.enrolled(node(number), MACHINE))),
                new Op.Create(Paths.assign(node(number)), Json.write(new Assignment.Free(1, 0)))));
    }

    private World read(WorldReader reader) throws Exception {
        tree.commit(List.of(new Op.Set(Paths.EVENTS, "", Op.ANY)));
        return reader.read(Instant.EPOCH);
    }

    @Test
    void aNodeWhoseAssignmentNobodyUnderstandsIsNamedAndAllOthersAreThere() throws Exception {
        WorldReader reader = WorldReader.watching(tree);
        enrol(1);
        enrol(2);
        other.commit(List.of(new Op.Set(Paths.assign(node(1)), "none", Op.ANY)));

        World world = read(reader);

        assertThat(world.nodes()).containsOnlyKeys(node(2));
        assertThat(world.unread())
                .hasEntrySatisfying(
                        "/scc/assign/n1", why -> assertThat(why).startsWith("is not a Assignment in JSON: "));
        assertThat(world.hides(node(1))).isTrue();
        assertThat(world.uses(4000)).as("for all that is known").isTrue();
        other.commit(List.of(new Op.Set(Paths.assign(node(1)), Json.write(new Assignment.Free(1, 0)), Op.ANY)));
        world = read(reader);
        assertThat(world.nodes()).containsOnlyKeys(node(1), node(2));
        assertThat(world.unread()).isEmpty();
    }

    @Test
    void whatHasNoLegalNameIsNamedAndIgnored() throws Exception {
        enrol(1);
        other.commit(List.of(
                new Op.Create(Paths.NODES + "/N_1", "{}"),
                new Op.Create(Paths.CLUSTERS + "/-", "{}"),
                new Op.Create(Paths.STATUS + "/?", "{}")));
        WorldReader reader = WorldReader.watching(tree);

        assertThat(read(reader).nodes()).containsOnlyKeys(node(1));
        other.commit(List.of(new Op.Create(Paths.NODES + "/N_2", "{}")));
        assertThat(read(reader).nodes()).containsOnlyKeys(node(1));
        assertThat(World.read(tree).unread())
                .containsOnlyKeys(Paths.NODES + "/N_1", Paths.NODES + "/N_2", Paths.CLUSTERS + "/-");
    }

    @Test
    void whatIsTooLargeIsNotReadAnyMoreAfterTwoTriesHoweverManyNodesWriteIt() throws Exception {
        WorldReader reader = WorldReader.watching(tree);
        String large = "x".repeat(3 << 20);
        for (int number = 1; number <= 8; number++) {
            enrol(number);
            other.commit(List.of(
                    new Op.Create(Paths.status(node(number)), large),
                    new Op.Create(Paths.inventory(node(number)), large),
                    new Op.CreateEphemeral(Paths.alive(node(number)), large)));
        }
        enrol(9);
        other.commit(List.of(new Op.Create(Paths.status(node(9)), status())));

        // Replies that are too large break the connection, until that has happened twice.
        World world = await().atMost(LONG.multipliedBy(2))
                .ignoreExceptionsInstanceOf(ConnectionLost.class)
                .until(() -> read(reader), _ -> true);

        assertThat(world.nodes()).hasSize(9);
        assertThat(world.nodes().get(node(8)))
                .satisfies(node -> assertThat(node.alive()).isTrue())
                .satisfies(node -> assertThat(node.status()).isEmpty())
                .satisfies(node ->
                        assertThat(node.outOfService()).contains("/scc/status/n8 is not read: it has 3145728 bytes"));
        assertThat(world.nodes().get(node(9)))
                .satisfies(node -> assertThat(node.clean()).isTrue());
    }

    /** What somebody may write who has the rights of one node, and no good will. */
    private String nonsense() {
        String text = random.nextBoolean()
                ? status()
                : Json.write(new NodeStatus(
                        random.nextInt(3),
                        new NodeStatus.Reached(new ClusterName("c1"), 1 + random.nextInt(3), Optional.empty()),
                        List.of()));
        return switch (random.nextInt(9)) {
            case 0 -> "";
            case 1 -> "null";
            case 2 -> text.substring(0, random.nextInt(text.length()));
            case 3 -> "[".repeat(10_000);
            case 4 -> text.replaceFirst("[0-9]+", "-1");
            case 5 -> text.replaceFirst("[0-9]+", "99999999999999999999");
            case 6 -> text.replaceFirst("\"is\":\"[A-Za-z]+\"", "\"is\":\"Boss\"");
            case 7 -> "y".repeat(20_000);
            default -> {
                StringBuilder changed = new StringBuilder(text);
                for (int number = 0; number < 3; number++) {
                    changed.setCharAt(random.nextInt(changed.length()), (char) random.nextInt(0x250));
                }
                yield changed.toString();
            }
        };
    }

    @Test
    void whateverOneNodeWritesAllOthersAreReadAsTheyAre() throws Exception {
        WorldReader reader = WorldReader.watching(tree);
        for (int number = 1; number <= 3; number++) {
            enrol(number);
        }
        for (int round = 0; round < 300; round++) {
            set(List.of(Paths.status(node(1)), Paths.inventory(node(1))).get(random.nextInt(2)), nonsense());
            set(Paths.status(node(2)), status());

            World world = read(reader);

            assertThat(world.nodes()).as("seed %d, round %d", seed, round).containsOnlyKeys(node(1), node(2), node(3));
            assertThat(world.nodes().get(node(2)))
                    .satisfies(node -> assertThat(node.clean()).isTrue());
            assertThat(world).as("seed %d, round %d", seed, round).isEqualTo(World.read(other));
        }
    }

    /** Though no watch has named anything. */
    @Test
    void afterAMinuteEverythingIsReadAnew() throws Exception {
        Folders folders = new Folders(tree);
        WorldReader reader = WorldReader.watching(folders);
        reader.read(Instant.EPOCH);
        folders.named.accept(Paths.EVENTS);
        folders.read = 0;

        reader.read(Instant.EPOCH);
        int first = folders.read;
        reader.read(Instant.EPOCH.plusMillis(59_999));
        assertThat(folders.read).isEqualTo(first);
        reader.read(Instant.EPOCH.plusSeconds(60));
        assertThat(folders.read).isGreaterThan(first);
        int second = folders.read;
        reader.read(Instant.EPOCH.plusSeconds(119));
        assertThat(folders.read).isEqualTo(second);
        reader.doubt();
        reader.read(Instant.EPOCH.plusSeconds(119));
        assertThat(folders.read).isGreaterThan(second);
    }

    @Test
    void whatIsNamedIsReadOnce() throws Exception {
        enrol(1);
        Folders folders = new Folders(tree);
        WorldReader reader = WorldReader.watching(folders);
        folders.named.accept(Paths.EVENTS);
        reader.read(Instant.EPOCH);
        folders.named.accept(Paths.status(node(1)));
        folders.named.accept(Paths.EVENTS + "/e");
        folders.entries = 0;

        reader.read(Instant.EPOCH);
        assertThat(folders.entries)
                .as("the pools, to come after the watches, and what was named")
                .isEqualTo(2);
        reader.read(Instant.EPOCH);
        assertThat(folders.entries).isEqualTo(3);
    }

    /** A node that was forgotten by hand, and whose agent is there again. */
    @Test
    void ofANodeThatIsNewWhatItSaidBeforeIsReadToo() throws Exception {
        other.commit(List.of(
                new Op.Create(Paths.status(node(1)), status()),
                new Op.Create(Paths.plugged(node(1)), Json.write(new PlugStatus(0, Optional.empty())))));
        WorldReader reader = WorldReader.watching(tree);
        other.commit(List.of(new Op.Set(Paths.EVENTS, "", Op.ANY)));
        read(reader);
        read(reader);
        enrol(1);
        other.commit(List.of(new Op.Create(Paths.plugs(node(1)), Json.write(NodePlugs.NONE))));

        World world = read(reader);

        assertThat(world).isEqualTo(World.read(other));
        assertThat(world.nodes().get(node(1)))
                .satisfies(known -> assertThat(known.status()).isPresent());
    }

    @Test
    void aNodeWithoutAnAssignmentIsNoNodeYet() throws Exception {
        other.commit(List.of(new Op.Create(Paths.node(node(1)), Json.write(NodeRecord.enrolled(node(1), MACHINE)))));

        assertThat(World.read(other).nodes()).isEmpty();
    }

    @Test
    void whatHasGoneUnseenIsGoneWhenEverythingIsReadAnew() throws Exception {
        ClusterName cluster = new ClusterName("demo");
        List<Op> ops = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            ops.add(new Op.Create(Paths.node(node(number)), Json.write(NodeRecord.enrolled(node(number), MACHINE))));
            ops.add(new Op.Create(Paths.assign(node(number)), Json.write(new Assignment.Free(1, 0))));
        }
        ops.add(new Op.Create(
                Paths.cluster(cluster),
                Json.write(ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(node(1)), 0, "r"))));
        VpcName vpc = new VpcName("lab");
        GroupName group = new GroupName("web");
        ops.add(new Op.Create(
                Paths.vpc(vpc),
                Json.write(
                        new VpcRecord(vpc, new Vni(5_000), Cidr.parse("172.20.0.0/24"), 1_450, Optional.empty(), 0))));
        ops.add(new Op.Create(
                Paths.group(group), Json.write(new GroupRecord(group, vpc, List.of(), Optional.empty(), 0))));
        ops.add(new Op.Create(Paths.plugs(node(1)), Json.write(NodePlugs.NONE)));
        tree.commit(ops);
        Folders folders = new Folders(tree);
        WorldReader reader = WorldReader.watching(folders);
        folders.named.accept(Paths.EVENTS);
        World before = reader.read(Instant.EPOCH);
        assertThat(before.nodes()).containsOnlyKeys(node(1), node(2));
        assertThat(before.vpcs()).containsOnlyKeys(vpc);
        assertThat(before.groups()).containsOnlyKeys(group);
        assertThat(before.enis()).containsOnlyKeys(node(1));
        tree.commit(List.of(
                new Op.Delete(Paths.vpc(vpc), 0),
                new Op.Delete(Paths.group(group), 0),
                new Op.Delete(Paths.plugs(node(1)), 0),
                new Op.Delete(Paths.node(node(1)), 0),
                new Op.Delete(Paths.assign(node(1)), 0),
                new Op.Delete(Paths.cluster(cluster), 0)));

        World world = reader.read(Instant.EPOCH.plusSeconds(60));

        assertThat(world.nodes()).containsOnlyKeys(node(2));
        assertThat(world.clusters()).isEmpty();
        assertThat(world.vpcs()).isEmpty();
        assertThat(world.groups()).isEmpty();
        assertThat(world.enis()).isEmpty();
        folders.named.accept(Paths.node(node(1)));
        assertThat(reader.read(Instant.EPOCH.plusSeconds(61)).nodes()).containsOnlyKeys(node(2));
    }

    /** How often folders are listed; its watches name only what the test says. */
    private static final class Folders extends ForwardingTree {
        private int read;
        private int entries;
        private Consumer<String> named = _ -> {};

        Folders(Tree tree) {
            super(tree);
        }

        @Override
        public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
            entries += paths.size();
            return super.get(paths);
        }

        @Override
        public List<String> children(String path) throws ConnectionLost, InterruptedException {
            read++;
            return super.children(path);
        }

        @Override
        public void watch(String path, Consumer<String> signal, Runnable anything) {
            named = signal;
        }
    }

    @Test
    void aRequestIsJudgedByWhatItsClientHadSeen() throws Exception {
        WorldReader reader = WorldReader.watching(tree);
        other.commit(List.of(
                new Op.Create(Paths.node(node(1)), Json.write(NodeRecord.enrolled(node(1), MACHINE))),
                new Op.Create(Paths.assign(node(1)), Json.write(new Assignment.Free(1, 0))),
                new Op.Create(Paths.status(node(1)), status())));
        for (int round = 0; round < 300; round++) {
            String said = status();
            other.commit(List.of(new Op.Set(Paths.status(node(1)), said, Op.ANY)));
            other.commit(List.of(new Op.Create(Paths.request("r" + round), "")));

            while (!tree.children(Paths.REQUESTS).contains("r" + round)) {
                Thread.onSpinWait();
            }
            World world = reader.read(Instant.EPOCH);

            assertThat(world.nodes().values())
                    .singleElement()
                    .satisfies(node -> assertThat(node.status()).contains(Json.read(said, NodeStatus.class)));
        }
    }

    @Test
    void whatHappenedWhileTheConnectionWasDownIsSeen() throws Exception {
        WorldReader reader = WorldReader.watching(tree);
        change();
        reader.read(Instant.EPOCH);
        int port = server.port();
        server.close();
        server = start(port);
        await().atMost(LONG).ignoreExceptionsInstanceOf(ConnectionLost.class).until(() -> there(Paths.ROOT));
        for (int number = 0; number < 20; number++) {
            change();
        }
        await().atMost(LONG)
                .ignoreExceptionsInstanceOf(ConnectionLost.class)
                .untilAsserted(() -> tree.commit(List.of(new Op.Set(Paths.EVENTS, "", Op.ANY))));

        assertThat(reader.read(Instant.EPOCH)).as("seed %d", seed).isEqualTo(World.read(other));
    }
}
