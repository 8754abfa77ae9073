package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.trust.Permit;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.rpc.JobRpc;
import dev.scc.job.rpc.KeeperRpc;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent and the keeper of n2, a member of a cluster that n1 leads, over TLS; and all kinds of callers. */
@Timeout(240)
class EntitlementTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Principal ADA = new Principal(Role.USER, "ada");

    @TempDir
    Path directory;

    private GuardedNode node;
    private Connections agentSide;
    private Connections keeperSide;
    private volatile Optional<Roster> serves = Optional.of(GuardedNode.roster("n1", "n2"));

    @BeforeEach
    void start() throws Exception {
        node = GuardedNode.start(N2, directory, () -> serves);
        agentSide = node.agentSide();
        keeperSide = node.keeperSide();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Connections as(Role role, String name) {
        return node.as(role, name);
    }

    private String permit(Principal person, String cluster, boolean root) {
        return new Permit(person, cluster, Optional.of("ada"), root, System.currentTimeMillis())
                .signed(node.authority().issue(new Principal(Role.SERVER, "s1"), DAY));
    }

    /** Why the call is refused; empty if it is answered. */
    private <Q> Optional<RpcFailed.Kind> ask(Peer peer, Connections caller, RpcMethod<Q, ?> method, Q question)
            throws InterruptedException {
        try (RpcChannel channel = caller.to(peer)) {
            channel.call(method, question, LONG);
            return Optional.empty();
        } catch (RpcFailed e) {
            return Optional.of(e.kind());
        }
    }

    private <Q> Optional<RpcFailed.Kind> askAgent(Connections caller, RpcMethod<Q, ?> method, Q question)
            throws InterruptedException {
        return ask(Peer.agent(N2, node.agent().address()), caller, method, question);
    }

    private <Q> Optional<RpcFailed.Kind> askKeeper(Connections caller, RpcMethod<Q, ?> method, Q question)
            throws InterruptedException {
        return ask(Peer.keeper(N2, node.keeper().address()), caller, method, question);
    }

    private <Q> RpcFailed begin(Connections caller, RpcMethod<Q, ?> method, Q question) throws InterruptedException {
        try (RpcChannel channel = caller.to(Peer.keeper(N2, node.keeper().address()));
                RpcCall<Q, ?> call = channel.open(method, Optional.of(LONG))) {
            call.send(question);
            call.sendNoMore();
            return catchThrowableOfType(RpcFailed.class, call::next);
        }
    }

    private static JobRpc.Ask place(Optional<String> permit) {
        return new JobRpc.Ask(N2, permit);
    }

    /** Class of hole: a right that outlives the membership that it came with. */
    @Test
    void keepersOfMembersFindTheKeeperAndAreStrangersAtOnceWhenTheirNodeHasLeft() throws Exception {
        assertThat(askAgent(as(Role.KEEPER, "n1"), JobRpc.PLACE, place(Optional.empty())))
                .isEmpty();
        assertThat(askAgent(as(Role.KEEPER, "n3"), JobRpc.PLACE, place(Optional.empty())))
                .contains(RpcFailed.Kind.NOT_ENTITLED);

        serves = Optional.of(GuardedNode.roster("n2", "n3"));

        assertThat(askAgent(as(Role.KEEPER, "n1"), JobRpc.PLACE, place(Optional.empty())))
                .contains(RpcFailed.Kind.NOT_ENTITLED);
        assertThat(askAgent(as(Role.KEEPER, "n3"), JobRpc.PLACE, place(Optional.empty())))
                .isEmpty();
        assertThat(begin(as(Role.KEEPER, "n1"), KeeperRpc.TAKE_PART, open(N1, new RunAs.Unmapped(), Optional.empty()))
                        .kind())
                .isEqualTo(RpcFailed.Kind.NOT_ENTITLED);
    }

    @Test
    void peopleFindTheKeeperWithAPermitForItsClusterOfTheirOwn() throws Exception {
        Connections ada = as(Role.USER, "ada");

        assertThat(askAgent(ada, JobRpc.PLACE, place(Optional.of(permit(ADA, "demo", false)))))
                .isEmpty();
        for (Optional<String> wrong : List.of(
                Optional.<String>empty(),
                Optional.of(permit(ADA, "other", false)),
                Optional.of(permit(new Principal(Role.ADMIN, "root"), "demo", true)),
                Optional.of("x"))) {
            assertThat(askAgent(ada, JobRpc.PLACE, place(wrong))).contains(RpcFailed.Kind.NOT_ENTITLED);
            assertThat(begin(
                                    ada,
                                    KeeperRpc.RUN,
                                    new KeeperRpc.Run(
                                            GuardedNode.roster("n2"),
                                            JobSpec.of(List.of("true")),
                                            wrong,
                                            Optional.empty()))
                            .kind())
                    .isEqualTo(RpcFailed.Kind.NOT_ENTITLED);
        }
    }

    @Test
    void whoWasPutOutHasPermittedNothing() throws Exception {
        Optional<String> permit = Optional.of(permit(ADA, "demo", false));
        agentSide.revocations().replace(Map.of(ADA, Instant.now().plusSeconds(1)));

        assertThat(askAgent(as(Role.USER, "ada"), JobRpc.PLACE, place(permit))).contains(RpcFailed.Kind.NOT_ENTITLED);
    }

    @Test
    void whatANodeSaysOfItselfIsForItsOwnKeeperAlone() throws Exception {
        JobRpc.Members members = new JobRpc.Members(N2, DEMO, List.of(N1));
        Connections own = as(Role.KEEPER, "n2");
        Connections member = as(Role.KEEPER, "n1");

        for (RpcMethod<JobRpc.Own, ?> method : List.<RpcMethod<JobRpc.Own, ?>>of(JobRpc.SERVES, JobRpc.PUT_OUT)) {
            assertThat(askAgent(own, method, new JobRpc.Own(N2))).isEmpty();
            assertThat(askAgent(member, method, new JobRpc.Own(N2))).contains(RpcFailed.Kind.NOT_ENTITLED);
        }
        assertThat(askAgent(own, JobRpc.GONE, members)).isEmpty();
        assertThat(askAgent(member, JobRpc.GONE, members)).contains(RpcFailed.Kind.NOT_ENTITLED);
    }

    @Test
    void aKeeperServesItsOwnAgentAndNoOther() throws Exception {
        Connections other = as(Role.NODE, "n1");

        assertThat(askKeeper(as(Role.NODE, "n2"), KeeperRpc.ATTEND, new KeeperRpc.Attend(false)))
                .isEmpty();
        assertThat(askKeeper(other, KeeperRpc.ATTEND, new KeeperRpc.Attend(true)))
                .contains(RpcFailed.Kind.NOT_ENTITLED);
        assertThat(askKeeper(other, KeeperRpc.END_ALL, new KeeperRpc.EndAll("because")))
                .contains(RpcFailed.Kind.NOT_ENTITLED);
        assertThat(askKeeper(other, KeeperRpc.LEFTOVERS, new KeeperRpc.Look(true)))
                .contains(RpcFailed.Kind.NOT_ENTITLED);
    }

    private static NodeOrder open(NodeName lead, RunAs as, Optional<String> permit) {
        return new NodeOrder.Open(
                new JobId("demo-00000001"),
                DEMO,
                lead,
                N2,
                "",
                Ipv4.parse("10.70.0.2"),
                "",
                "/",
                1,
                as,
                permit,
                Optional.empty());
    }

    /** Class of hole: a privilege that a peer's word gives. */
    @Test
    void whatALeadSaysOfWhoseRightsAJobHasIsNotBelieved() throws Exception {
        Connections lead = as(Role.KEEPER, "n1");
        Optional<String> permit = Optional.of(permit(ADA, "demo", false));

        for (NodeOrder lie : List.of(
                open(N1, new RunAs.Root(), permit),
                open(N1, new RunAs.Account("grace"), permit),
                open(N1, new RunAs.Unmapped(), permit),
                open(N1, new RunAs.Account("ada"), Optional.empty()),
                open(N1, new RunAs.Account("ada"), Optional.of(permit(ADA, "other", true))),
                open(N2, new RunAs.Account("ada"), permit))) {
            RpcFailed refused = begin(lead, KeeperRpc.TAKE_PART, lie);
            assertThat(refused.kind()).as("%s", lie).isEqualTo(RpcFailed.Kind.NOT_ENTITLED);
        }
        assertThat(begin(lead, KeeperRpc.TAKE_PART, open(N1, new RunAs.Root(), permit)))
                .hasMessage("node n2: user:ada may not run this job as root");
        // The truth is taken, and then there is no such account here.
        assertThat(begin(lead, KeeperRpc.TAKE_PART, open(N1, new RunAs.Account("ada"), permit))
                        .kind())
                .isNotEqualTo(RpcFailed.Kind.NOT_ENTITLED);
    }

    @Test
    void jobsOfAPersonRunAsHisAccountOrAsTheOneForAllAndAsRootOnlyWhereThatIsPermitted() throws Exception {
        Entitlement here = new Entitlement(N2, keeperSide, InstantSource.system());
        Permit mapped = new Permit(ADA, "demo", Optional.of("ada"), false, 0);
        Permit unmapped = new Permit(ADA, "demo", Optional.empty(), false, 0);
        Permit root = new Permit(new Principal(Role.ADMIN, "x"), "demo", Optional.of("x"), true, 0);

        assertThat(here.rights(Optional.of(mapped), false)).isEqualTo(new RunAs.Account("ada"));
        assertThat(here.rights(Optional.of(unmapped), false)).isEqualTo(new RunAs.Unmapped());
        assertThat(here.rights(Optional.of(root), true)).isEqualTo(new RunAs.Root());
        assertThat(here.rights(Optional.of(root), false)).isEqualTo(new RunAs.Account("x"));
        assertThat(catchThrowableOfType(RpcFailed.class, () -> here.rights(Optional.of(mapped), true))
                        .kind())
                .isEqualTo(RpcFailed.Kind.NOT_ENTITLED);
    }
}
