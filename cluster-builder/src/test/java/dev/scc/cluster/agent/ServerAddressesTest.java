package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ServerAddressesTest {
    private static final NodeInventory NODE = NodeInventory.of("6.1.0", 2, 1, List.of(), List.of());

    private static List<Need> needs(String servers) throws Exception {
        return new ServerAddresses(servers).among(() -> NODE).read().needs();
    }

    @Test
    void theServersOfANodeAreAmongItsNeeds() throws Exception {
        assertThat(needs("10.0.0.1:2181, 10.0.0.2:2181,10.0.0.1:2182"))
                .containsExactly(
                        Need.of(Ipv4.parse("10.0.0.1"), Need.Kind.SERVER, ""),
                        Need.of(Ipv4.parse("10.0.0.2"), Need.Kind.SERVER, ""));
    }

    @Test
    void aServerOnTheNodeItselfIsReachedWhateverItsNetworksAre() throws Exception {
        assertThat(needs("127.0.0.1:2181,localhost:2181")).isEmpty();
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    @Test
    void allIpv4AddressesOfANameAreNeeds() throws Exception {
        InetAddress[] known = {address("fd00::1"), address("10.0.0.4"), address("127.0.1.1"), address("10.0.0.5")};
        ServerAddresses servers = new ServerAddresses("head:2181", _ -> known);

        assertThat(servers.among(() -> NODE).read().needs())
                .containsExactly(
                        Need.of(Ipv4.parse("10.0.0.4"), Need.Kind.SERVER, "head"),
                        Need.of(Ipv4.parse("10.0.0.5"), Need.Kind.SERVER, "head"));
    }

    @Test
    void aNameStandsForWhatItStoodForUntilAnotherAnswerComes() throws Exception {
        Deque<Optional<String>> answers =
                new ArrayDeque<>(List.of(Optional.of("10.0.0.4"), Optional.empty(), Optional.of("10.0.0.5")));
        InventorySource node = new ServerAddresses("head:2181", host ->
                        new InetAddress[] {address(answers.remove().orElseThrow(() -> new UnknownHostException(host)))})
                .among(() -> NODE);

        for (String address : List.of("10.0.0.4", "10.0.0.4", "10.0.0.5")) {
            assertThat(node.read().needs()).containsExactly(Need.of(Ipv4.parse(address), Need.Kind.SERVER, "head"));
        }
    }

    @Test
    void aNameThatNobodyKnowsIsNoNeed() throws Exception {
        assertThat(needs("no-such-host.invalid:2181,10.0.0.3"))
                .containsExactly(Need.of(Ipv4.parse("10.0.0.3"), Need.Kind.SERVER, ""));
    }

    /** Name servers that are away must not keep an agent from all else. */
    @Test
    @Timeout(240)
    void aNameThatNobodyAnswersForIsGivenUpAndTheOthersAreNeeds() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ServerAddresses servers = new ServerAddresses("head:2181,10.0.0.3:2181", host -> {
            if (host.equals("head")) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new UnknownHostException(host);
                }
            }
            return new InetAddress[] {address("10.0.0.3")};
        });

        assertThat(servers.among(() -> NODE).read().needs())
                .containsExactly(Need.of(Ipv4.parse("10.0.0.3"), Need.Kind.SERVER, ""));
        never.countDown();
    }

    @Test
    void whoIsInterruptedMeanwhileIsInterruptedStill() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        InventorySource node = new ServerAddresses("head:2181", host -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new UnknownHostException(host);
                    }
                    return new InetAddress[] {address("10.0.0.4")};
                })
                .among(() -> NODE);
        Thread.currentThread().interrupt();

        assertThat(node.read().needs()).isEmpty();

        assertThat(Thread.interrupted()).isTrue();
        never.countDown();
    }

    @Test
    void whatTheDoctorFindsOnTheNodeIsToldOn() throws Exception {
        Finding finding = new Finding("memlock", Finding.Severity.ERROR, new NodeName("n1"), "64 KiB", "ulimit");
        InventorySource node = new InventorySource() {
            @Override
            public NodeInventory read() {
                return NODE;
            }

            @Override
            public List<Finding> findings(Optional<ServedCluster> served) {
                return List.of(finding);
            }
        };

        assertThat(new ServerAddresses("10.0.0.3").among(node).findings(Optional.empty()))
                .containsExactly(finding);
    }
}
