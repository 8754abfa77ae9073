package dev.scc.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Event;
import dev.scc.cluster.Happening;
import dev.scc.cluster.api.EventSaid;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.view.EventList;
import dev.scc.fabric.verify.Flow;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client makes of streams that servers break off. */
@Timeout(240)
class ClusterClientTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final EventList.Row FIRST = EventList.Row.of(new Event(1, 1, new Happening.NodeEnrolled(N1)));
    private static final EventList.Row SECOND = EventList.Row.of(new Event(2, 1, new Happening.NodeBack(N1)));

    private final List<RpcServer> servers = new ArrayList<>();
    private final List<ServerRpc.Events> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(RpcServer::close);
    }

    private String server(RpcService service) throws Exception {
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(service.definition()));
        servers.add(server);
        return server.address();
    }

    /** Tells those of these that are asked for, and breaks off if they are not all that there is. */
    private String telling(EventSaid... events) throws Exception {
        return server(new RpcService(ServerRpc.SERVICE).streaming(ServerRpc.EVENTS, (_, ask, answers) -> {
            asked.add(ask);
            for (EventSaid event : events) {
                if (!(event instanceof EventSaid.Happened happened)
                        || happened.key().compareTo(ask.after()) > 0) {
                    answers.send(event);
                }
            }
            if (!List.of(events).contains(new EventSaid.UpToDate())) {
                throw new RpcFailed(RpcFailed.Kind.BUSY, "not now");
            }
        }));
    }

    @Test
    void eventsGoOnAtAnotherServerWhereTheOneBeforeBrokeOff() throws Exception {
        EventSaid first = new EventSaid.Happened("e1", FIRST);
        String breaks = telling(first);
        String ends =
                telling(first, new EventSaid.Beat(), new EventSaid.Happened("e2", SECOND), new EventSaid.UpToDate());
        try (ClusterClient client =
                ClusterClient.to(breaks + "," + ends, Connections.plain(), Duration.ofSeconds(20))) {
            assertThat(client.events().events()).containsExactly(FIRST, SECOND);
        }

        assertThat(asked).startsWith(new ServerRpc.Events("", false, 300)).hasSizeGreaterThan(1);
    }

    @Test
    void whereNobodyTellsEventsThatIsSaidAfterSomeTriesWithPauses() throws Exception {
        try (ClusterClient client = ClusterClient.to(telling(), Connections.plain(), Duration.ofMillis(350))) {
            assertThatThrownBy(client::events)
                    .isInstanceOf(ServerUnreachable.class)
                    .hasMessageContaining("not now");
        }

        assertThat(asked).hasSizeBetween(1, 6);
    }

    @Test
    void whatAVerificationShowsIsHandedOnAsItComes() throws Exception {
        ProbeResult probed = ProbeResult.failed(new Pair(N1, N2), "cable");
        FlowResult flowed = new FlowResult(0, new Flow(N1, N2), new FlowResult.Moved(50));
        VerifySaid.End end = new VerifySaid.CannotVerify(Optional.of(N2), "there is no RDMA device");
        String server = server(new RpcService(ServerRpc.SERVICE).streaming(ServerRpc.VERIFY, (_, _, answers) -> {
            answers.send(new VerifySaid.Beat());
            answers.send(new VerifySaid.Probed(probed));
            answers.send(new VerifySaid.Flowed(flowed));
            answers.send(end);
        }));
        List<Object> said = new ArrayList<>();

        try (ClusterClient client = ClusterClient.to(server, Connections.plain(), Duration.ofSeconds(20))) {
            assertThat(client.verify(DEMO, Pattern.FULL, Load.NONE, Optional.empty(), said::add, said::add))
                    .isEqualTo(end);
        }

        assertThat(said).containsExactly(probed, flowed);
    }
}
