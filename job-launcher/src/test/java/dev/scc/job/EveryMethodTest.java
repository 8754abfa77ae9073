package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.agent.AgentRpc;
import dev.scc.cluster.agent.AuditLogRpc;
import dev.scc.cluster.agent.DropsRpc;
import dev.scc.cluster.agent.FactsRpc;
import dev.scc.cluster.agent.LeftoverRpc;
import dev.scc.cluster.agent.MeshRpc;
import dev.scc.cluster.audit.AuditChain;
import dev.scc.cluster.audit.NodeAudit;
import dev.scc.cluster.rpc.CallObserver;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.rpc.JobRpc;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every method of an agent and of a keeper, and everybody who could call it. Node n2 is a member of a cluster with n1. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryMethodTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);
    private static final NodeName N2 = new NodeName("n2");
    private static final Principal OWN_AGENT = new Principal(Role.NODE, "n2");
    private static final Principal OWN_KEEPER = new Principal(Role.KEEPER, "n2");
    private static final Principal MEMBERS_KEEPER = new Principal(Role.KEEPER, "n1");
    private static final List<String> NAMES = List.of("n1", "n2", "n3");

    @TempDir
    static Path directory;

    private GuardedNode node;

    /** One of the two processes, and the methods that are its. */
    private record Door(Peer peer, List<RpcMethod<?, ?>> methods) {}

    /** A request that can be read, and all who are admitted by more than their role. */
    private record Sample<Q>(RpcMethod<Q, ?> method, Q request, Set<Principal> admitted) {}

    @BeforeAll
    void start() throws Exception {
        node = GuardedNode.start(N2, directory, () -> Optional.of(GuardedNode.roster("n1", "n2")));
    }

    @AfterAll
    void stop() {
        node.close();
    }

    private Door agent() {
        return new Door(
                Peer.agent(N2, node.agent().address()),
                methods(
                        AgentRpc.class,
                        AuditLogRpc.class,
                        LeftoverRpc.class,
                        FactsRpc.class,
                        DropsRpc.class,
                        MeshRpc.class,
                        JobRpc.class));
    }

    private Door keeper() {
        return new Door(Peer.keeper(N2, node.keeper().address()), methods(KeeperRpc.class));
    }

    private static List<RpcMethod<?, ?>> methods(Class<?>... types) {
        List<RpcMethod<?, ?>> all = new ArrayList<>();
        for (Class<?> type : types) {
            for (Field field : type.getFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == RpcMethod.class) {
                    try {
                        all.add((RpcMethod<?, ?>) field.get(null));
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        }
        return all;
    }

    /** How a call ends; without any request whoever may call it is told that there is none, before anything is done. */
    private static <Q> Optional<RpcFailed.Kind> outcome(RpcChannel channel, RpcMethod<Q, ?> method, Optional<Q> request)
            throws InterruptedException {
        try (RpcCall<Q, ?> call = channel.open(method, Optional.of(LONG))) {
            if (request.isPresent()) {
                call.send(request.get());
            }
            call.sendNoMore();
            call.next();
            return Optional.empty();
        } catch (RpcFailed e) {
            return Optional.of(e.kind());
        }
    }

    /** Class of hole: break-ins that are tried at a node and seen by nobody (CWE-778). */
    @Test
    void refusalsAndWhatPeopleDoWithJobsAreToldAndNothingElse() throws Exception {
        Path state = Files.createDirectories(directory.resolve("state"));
        try (NodeAudit audit = NodeAudit.open(state)) {
            audit.observe(node.agentSide());
            audit.observe(node.keeperSide());
            List<String> told;
            try (RpcChannel server = node.as(Role.SERVER, "s1").to(agent().peer());
                    RpcChannel eve = node.as(Role.USER, "eve").to(keeper().peer());
                    RpcChannel plain = Connections.plain().to(agent().peer())) {
                assertThat(outcome(server, AgentRpc.PING, Optional.of(new AgentRpc.Ping("s1"))))
                        .isEmpty();
                assertThat(outcome(server, JobRpc.SERVES, Optional.of(new JobRpc.Own(N2))))
                        .contains(RpcFailed.Kind.NOT_ENTITLED);
                outcome(
                        eve,
                        KeeperRpc.RUN,
                        Optional.of(new KeeperRpc.Run(
                                GuardedNode.roster("n2"),
                                JobSpec.of(List.of("echo", "a secret")),
                                Optional.of("forged"),
                                Optional.empty())));
                outcome(eve, KeeperRpc.CANCEL, Optional.of(new KeeperRpc.OfJob(new JobId("demo-00000009"))));
                outcome(plain, AgentRpc.PING, Optional.of(new AgentRpc.Ping("nobody")));
                await().atMost(LONG).until(() -> lines(state).size() == 4);
                told = lines(state);
            }

            assertThat(told)
                    .allSatisfy(line -> assertThat(line).doesNotContain("secret", "forged", "Ping"))
                    .anySatisfy(line -> assertThat(line).contains("server:s1", "scc.Jobs/Serves", "NOT_ENTITLED"))
                    .anySatisfy(line -> assertThat(line).contains("user:eve", "run a job on demo", "NOT_ENTITLED"))
                    .anySatisfy(line -> assertThat(line).contains("user:eve", "cancel demo-00000009", "REFUSED"))
                    .anySatisfy(line -> assertThat(line).contains("unknown", "it does not speak TLS"));
            AuditChain.Finding found = AuditChain.checkAlone(state.resolve(NodeAudit.DIRECTORY));
            assertThat(found).isEqualTo(new AuditChain.Finding(4, 3, List.of(), List.of()));
            try (Stream<Path> all = Files.walk(state.resolve(NodeAudit.DIRECTORY))) {
                assertThat(all)
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .endsWith("------"));
            }
        } finally {
            node.agentSide().observe(CallObserver.NOBODY);
            node.keeperSide().observe(CallObserver.NOBODY);
        }
    }

    private static List<String> lines(Path state) throws IOException {
        try (Stream<Path> files = Files.list(state.resolve(NodeAudit.DIRECTORY))) {
            List<String> all = new ArrayList<>();
            for (Path file : (Iterable<Path>) files::iterator) {
                all.addAll(Files.readAllLines(file));
            }
            return all;
        }
    }

    @Test
    void whatIsOfferedIsKnownHere() {
        List<RpcMethod<?, ?>> known = new ArrayList<>(agent().methods());
        known.addAll(keeper().methods());

        assertThat(known).extracting(RpcMethod::name).containsExactlyInAnyOrderElementsOf(node.offered());
    }

    @Test
    void eachMethodIsForTheRolesOfItsRowAndForNobodyElse() throws Exception {
        for (Door door : List.of(agent(), keeper())) {
            for (Role role : Role.values()) {
                for (String name : NAMES) {
                    try (RpcChannel channel = node.as(role, name).to(door.peer())) {
                        for (RpcMethod<?, ?> method : door.methods()) {
                            assertThat(outcome(channel, method, Optional.empty()))
                                    .as("%s:%s calls %s", role, name, method.name())
                                    .contains(
                                            method.access().admits(role)
                                                    ? RpcFailed.Kind.INVALID
                                                    : RpcFailed.Kind.NOT_ENTITLED);
                        }
                    }
                }
            }
        }
    }

    /** What is for one node's agent or keeper alone, or for members; people have no permit here. */
    private static List<Sample<?>> samples() {
        JobId job = new JobId("demo-00000001");
        ClusterName demo = new ClusterName("demo");
        JobRpc.Own own = new JobRpc.Own(N2);
        NodeOrder open = new NodeOrder.Open(
                job,
                demo,
                new NodeName("n1"),
                N2,
                "",
                Ipv4.parse("10.70.0.2"),
                "",
                "/",
                1,
                new RunAs.Unmapped(),
                Optional.empty(),
                Optional.empty());
        return List.of(
                new Sample<>(JobRpc.PLACE, new JobRpc.Ask(N2, Optional.empty()), Set.of(OWN_KEEPER, MEMBERS_KEEPER)),
                new Sample<>(JobRpc.SERVES, own, Set.of(OWN_KEEPER)),
                new Sample<>(JobRpc.PUT_OUT, own, Set.of(OWN_KEEPER)),
                new Sample<>(JobRpc.LED, new JobRpc.Led(N2, List.of()), Set.of(OWN_KEEPER)),
                new Sample<>(JobRpc.GONE, new JobRpc.Members(N2, demo, List.of()), Set.of(OWN_KEEPER)),
                new Sample<>(
                        KeeperRpc.RUN,
                        new KeeperRpc.Run(
                                GuardedNode.roster("n2"),
                                JobSpec.of(List.of("true")),
                                Optional.empty(),
                                Optional.empty()),
                        Set.of()),
                // Nobody's word is enough for whose rights a job has, not even the lead's.
                new Sample<>(KeeperRpc.TAKE_PART, open, Set.of()),
                new Sample<>(KeeperRpc.END_ALL, new KeeperRpc.EndAll("because"), Set.of(OWN_AGENT)),
                new Sample<>(KeeperRpc.LEFTOVERS, new KeeperRpc.Look(false), Set.of(OWN_AGENT)),
                new Sample<>(KeeperRpc.ATTEND, new KeeperRpc.Attend(false), Set.of(OWN_AGENT)));
    }

    @Test
    void ofOneRoleItIsForThoseOfTheRightNode() throws Exception {
        for (Sample<?> sample : samples()) {
            Peer peer = agent().methods().contains(sample.method()) ? agent().peer() : keeper().peer();
            for (Role role : Role.values()) {
                for (String name : NAMES) {
                    Principal who = new Principal(role, name);
                    try (RpcChannel channel = node.as(role, name).to(peer)) {
                        assertThat(isEntitled(channel, sample))
                                .as("%s calls %s", who, sample.method().name())
                                .isEqualTo(sample.admitted().contains(who));
                    }
                }
            }
        }
    }

    private static <Q> boolean isEntitled(RpcChannel channel, Sample<Q> sample) throws InterruptedException {
        return !outcome(channel, sample.method(), Optional.of(sample.request()))
                .equals(Optional.of(RpcFailed.Kind.NOT_ENTITLED));
    }

    @Test
    void whoShowsWhatDoesNotCountIsHeardByNoMethod() throws Exception {
        Authority other = Authority.open(directory.resolve("other"), InstantSource.system());
        Instant then = Instant.now().minus(Duration.ofDays(2));
        Authority past = Authority.open(directory.resolve("authority"), () -> then);
        Connections revoked = node.as(Role.NODE, "gone");
        for (Connections side : List.of(node.agentSide(), node.keeperSide())) {
            side.revocations()
                    .replace(Map.of(
                            new Principal(Role.NODE, "gone"), Instant.now().plusSeconds(1)));
        }
        Map<Connections, RpcFailed.Kind> strangers = Map.of(
                Connections.plain(),
                RpcFailed.Kind.UNREACHABLE,
                Connections.joining(
                        Fingerprint.of(node.authority().roots().servers().getFirst())),
                RpcFailed.Kind.UNREACHABLE,
                Connections.as(new LiveCredentials(foreign(other.issue(OWN_KEEPER, DAY)))),
                RpcFailed.Kind.UNREACHABLE,
                Connections.as(new LiveCredentials(past.issue(OWN_KEEPER, DAY))),
                RpcFailed.Kind.UNREACHABLE,
                revoked,
                RpcFailed.Kind.NOT_ENTITLED);
        for (Door door : List.of(agent(), keeper())) {
            for (Map.Entry<Connections, RpcFailed.Kind> stranger : strangers.entrySet()) {
                try (RpcChannel channel = stranger.getKey().to(door.peer())) {
                    for (RpcMethod<?, ?> method : door.methods()) {
                        assertThat(outcome(channel, method, Optional.empty()))
                                .as(method.name())
                                .contains(stranger.getValue());
                    }
                }
            }
        }
    }

    /** One that trusts this pool, and that nobody here trusts. */
    private Credentials foreign(Credentials theirs) {
        return new Credentials(
                theirs.key(), theirs.certificate(), node.authority().roots());
    }
}
