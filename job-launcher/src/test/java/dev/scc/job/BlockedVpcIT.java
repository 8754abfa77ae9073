package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs on nodes that are network namespaces on a bridge, which stands for the VPC. */
@Timeout(240)
class BlockedVpcIT {
    private static final String PREFIX =
            "scc-job-%08x".formatted(ThreadLocalRandom.current().nextInt());
    private static final List<String> NODES =
            IntStream.rangeClosed(1, 3).mapToObj(i -> PREFIX + "-n" + i).toList();
    private static final String BLOCKED = NODES.get(1);
    private static final LocalCommands MACHINE = new LocalCommands();

    @BeforeAll
    static void make() throws CommandFailed {
        ip("netns", "add", PREFIX);
        inside(PREFIX, "ip", "link", "add", "vpc", "up", "type", "bridge");
        for (int i = 0; i < NODES.size(); i++) {
            ip("netns", "add", NODES.get(i));
            inside(
                    PREFIX,
                    "ip",
                    "link",
                    "add",
                    "n" + i,
                    "up",
                    "master",
                    "vpc",
                    "type",
                    "veth",
                    "peer",
                    "eni0",
                    "netns",
                    NODES.get(i));
            inside(NODES.get(i), "ip", "addr", "add", "172.16.0." + (i + 1) + "/24", "dev", "eni0");
            inside(NODES.get(i), "ip", "link", "set", "eni0", "up");
            inside(NODES.get(i), "ip", "link", "set", "lo", "up");
        }
    }

    @AfterAll
    static void remove() throws CommandFailed {
        for (String node : NODES) {
            ip("netns", "del", node);
        }
        ip("netns", "del", PREFIX);
    }

    private static void ip(String... words) throws CommandFailed {
        inside("", "ip", words);
    }

    private static void inside(String namespace, String command, String... words) throws CommandFailed {
        List<String> argv =
                new ArrayList<>(namespace.isEmpty() ? List.of() : List.of("ip", "netns", "exec", namespace));
        argv.add(command);
        argv.addAll(List.of(words));
        MACHINE.check(Command.of(argv));
    }

    /** Class of hole: an MPI whose packets a firewall drops waits for ever, and says nothing. */
    @Test
    void aJobWhoseNodesDoNotReachEachOtherInTheVpcIsRefusedAndTheNodeNamed() throws Exception {
        TestCluster cluster = TestCluster.inNamespaces(NODES);
        try {
            inside(
                    BLOCKED,
                    "nft",
                    "table inet fw { chain input { type filter hook input priority 0; tcp dport 1024-65535 drop; }; }");
            TestCluster.Run blocked = cluster.run(TestCluster.spec(3, MpiChoice.MPICH, "true"));
            TestCluster.Run plain = cluster.run(TestCluster.spec(3, MpiChoice.NONE, "true"));
            inside(BLOCKED, "nft", "delete table inet fw");
            TestCluster.Run afterwards = cluster.run(TestCluster.spec(3, MpiChoice.MPICH, "true"));

            assertThat(blocked.exitCode()).isEqualTo(4);
            assertThat(blocked.cause())
                    .contains("node n2 is cut off from the cluster's VPC: n1 does not reach n2 (no answer within 2 s), "
                            + "n2 does not reach n3 (no answer within 2 s); nothing was started");
            assertThat(plain.exitCode()).isZero();
            assertThat(afterwards.cause()).isEmpty();
        } finally {
            cluster.stop();
        }
    }
}
