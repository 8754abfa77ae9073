package dev.scc.cluster.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.agent.AuditLogRpc;
import dev.scc.cluster.agent.AuditLogService;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.cluster.audit.AuditEntry.Ending;
import dev.scc.cluster.audit.AuditEntry.Fact;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.AuditReport;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.host.NodeName;
import dev.scc.host.net.MemoryMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A real server that reads the audit logs of real agents, over TLS. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class NodeAuditLogsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int KEPT = 2_000;

    @TempDir
    static Path directory;

    private ServerProcess server;
    private Authority authority;

    @BeforeAll
    void start() throws Exception {
        Path data = directory.resolve("server");
        server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual());
        authority = Authority.open(data.resolve(Security.AUTHORITY), InstantSource.system());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Connections as(Role role, String name) {
        return Connections.as(new LiveCredentials(authority.issue(new Principal(role, name), DAY)));
    }

    private AuditClient audit() throws IOException {
        Path admin = directory.resolve("server").resolve(Administrator.CREDENTIALS);
        return new AuditClient(
                server.address(), Connections.as(new LiveCredentials(Credentials.read(admin))), Duration.ofSeconds(20));
    }

    /** No two nodes have the same. */
    private static String address(String node) {
        return "127.0.0." + (10 + Integer.parseInt(node.substring(1)));
    }

    private AgentProcess agent(String name, Connections connections, AgentProcess.Extension extension)
            throws Exception {
        Nic underlay = new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of(address(name) + "/8"));
        AgentProcess agent = AgentProcess.start(
                new AgentSettings(
                        server.hosts(),
                        new NodeName(name),
                        "eth0",
                        "eth1",
                        directory.resolve(name),
                        0,
                        "1",
                        new EnsembleDoor.Own()),
                connections,
                new MemoryMachine(List.of("eth0", "eth1")),
                new KernelNetwork("eth0"),
                () -> NodeInventory.of("test", 1, 1, List.of(underlay), List.of()),
                (_, _, _) -> {
                    throw new CannotVerify("no RDMA here");
                },
                List.of((_, _) -> extension));
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(
                                audit().recent(List.of(new NodeName(name)), 1).unasked())
                        .noneMatch(why -> why.contains("no such node") || why.contains("agent is gone")));
        return agent;
    }

    private static List<NodeName> nodes(String... names) {
        return List.of(names).stream().map(NodeName::new).toList();
    }

    /** What a keeper of jobs has done there. */
    private static void keep(Path home) throws IOException {
        try (AuditLog log = AuditLog.open(home, new AuditLog.Size(1 << 20, 4), InstantSource.system())) {
            for (int number = 1; number <= KEPT; number++) {
                log.add(new Fact(
                        "user:ada", "10.0.0.9:1", "scc.Keeper/Run", "run a job on c" + number, Ending.DONE, "", 0));
            }
        }
    }

    @Test
    void whatANodeHasRefusedAndDoneIsReadThereAndChecked() throws Exception {
        Connections own = as(Role.NODE, "n7");
        Path kept = directory.resolve("n7/keeper/audit");
        keep(Files.createDirectories(kept));
        NodeAudit log = NodeAudit.open(directory.resolve("n7"));
        log.observe(own);
        AuditLogService service = new AuditLogService(
                new NodeName("n7"),
                Map.of(
                        AuditLogRpc.Log.AGENT,
                        directory.resolve("n7").resolve(NodeAudit.DIRECTORY),
                        AuditLogRpc.Log.KEEPER,
                        kept));
        try (log;
                AgentProcess agent = agent("n7", own, service)) {
            try (RpcChannel eve =
                    as(Role.ADMIN, "eve").to(Peer.agent(new NodeName("n7"), address("n7") + ":" + agent.port()))) {
                AuditLogRpc.Read all =
                        new AuditLogRpc.Read(new NodeName("n7"), AuditLogRpc.Log.AGENT, Optional.empty());
                assertThat(catchThrowable(() -> eve.call(AuditLogRpc.READ, all, LONG)))
                        .isInstanceOf(RpcFailed.class);
            }

            AuditClient.Recent recent = audit().recent(nodes("n7", "n9"), 500);
            assertThat(recent.broken()).isEmpty();
            assertThat(recent.unasked()).containsExactly("node n9 was not read: there is no such node");
            assertThat(recent.list().entries())
                    .hasSize(501)
                    .isSortedAccordingTo(Comparator.comparing(row -> Instant.parse(row.at())))
                    .anySatisfy(row -> assertThat(row)
                            .returns("node:n7", AuditList.Row::server)
                            .returns("admin:eve", AuditList.Row::who)
                            .returns("NOT_ENTITLED", AuditList.Row::ending))
                    .anySatisfy(row -> assertThat(row)
                            .returns("keeper:n7", AuditList.Row::server)
                            .returns("run a job on c" + KEPT, AuditList.Row::about));
            assertThat(audit().verify(nodes("n7")))
                    .isEqualTo(new AuditReport(List.of(
                            AuditReport.Row.read("node:n7", 1, 1, List.of()),
                            AuditReport.Row.read("keeper:n7", KEPT, 0, List.of()))));
            assertThat(audit().recent().list().entries())
                    .as("who reads them is told himself")
                    .anySatisfy(row -> assertThat(row.about()).isEqualTo("audit logs of n[7,9]"));

            Path file = kept.resolve("audit-000000000001.jsonl");
            Files.writeString(file, Files.readString(file).replaceFirst("on c10\"", "on c1\""));
            assertThat(audit().verify(nodes("n7")).servers().getLast().broken())
                    .containsExactly("entry 10 is not the one that was there when the entry after it was written");

            // Somebody has thrown away the file before the first.
            Files.writeString(file, Files.readString(file).replaceFirst("\"before\":\"\"", "\"before\":\"0a\""));
            assertThat(audit().verify(nodes("n7")).servers().getLast().broken())
                    .contains("entry 1 says that there was one before it");
        }
        assertThat(audit().verify(nodes("n7")))
                .isEqualTo(new AuditReport(List.of(AuditReport.Row.unread("node:n7", "its agent is gone"))));
    }

    /** What a node sends is bounded by what it may keep. */
    @Test
    void aNodeThatTellsWithoutEndIsGivenUp() throws Exception {
        String line = "x".repeat(200_000);
        AgentProcess.Extension endless = () -> List.of(new RpcService("scc.AuditLogs")
                .unary(AuditLogRpc.READ, (_, ask) -> {
                    AuditPage.Place next = new AuditPage.Place(
                            1, ask.before().map(place -> place.offset() - 1).orElse(1_000L));
                    return new AuditLogRpc.Lines(Optional.of(new AuditPage(Optional.of(next), List.of(line))));
                })
                .definition());
        AgentProcess.Extension inCircles = () -> List.of(new RpcService("scc.AuditLogs")
                .unary(
                        AuditLogRpc.READ,
                        (_, _) -> new AuditLogRpc.Lines(
                                Optional.of(new AuditPage(Optional.of(new AuditPage.Place(1, 7)), List.of()))))
                .definition());
        try (AgentProcess one = agent("n1", as(Role.NODE, "n1"), endless);
                AgentProcess two = agent("n2", as(Role.NODE, "n2"), inCircles)) {
            assertThat(List.of(one.served(), two.served())).containsOnly(Optional.empty());

            assertThat(audit().verify(nodes("n1", "n2")).servers())
                    .extracting(AuditReport.Row::why)
                    .containsExactly(
                            "it tells more of node:n1's log than a node keeps of one",
                            "it tells the same part of node:n2's log again");
        }
    }
}
