package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a process of its own: what is tested is how a process ends. */
class EventLoopsTest {
    private static final RpcMethod<String, String> ECHO =
            RpcMethod.unary("scc.Test", "Echo", Access.READERS, String.class, String.class);

    /** Serves and makes a call, ends the loops, and says which of their threads there are before and afterwards. */
    static final class Ending {
        public static void main(String[] args) throws Exception {
            EventLoops.end(); // Nothing has used them.
            RpcServer server = RpcServer.start(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    Connections.plain(),
                    List.of(new RpcService("scc.Test")
                            .unary(ECHO, (_, word) -> word)
                            .definition()));
            try (RpcChannel channel = Connections.plain().to(Peer.agent(new NodeName("n1"), server.address()))) {
                System.out.println(channel.call(ECHO, "called", Duration.ofSeconds(20)));
            }
            List<Thread> loops = threads();
            System.out.println(loops.isEmpty() ? "no threads" : "threads");
            EventLoops.end();
            // Nobody else would end them; on a busy machine they take their time.
            for (Thread loop : loops) {
                loop.join(Duration.ofSeconds(30));
            }
            System.out.println(threads().isEmpty() ? "no threads" : "threads");
        }

        private static List<Thread> threads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("rpc-"))
                    .toList();
        }
    }

    @Test
    void noThreadThatWaitsForConnectionsOutlivesThem() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        String said = new LocalCommands()
                .check(Command.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ending.class.getName()));

        assertThat(said.lines()).endsWith("called", "threads", "no threads");
    }
}
