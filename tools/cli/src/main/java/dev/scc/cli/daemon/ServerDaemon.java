package dev.scc.cli.daemon;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.context.Selection;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeHome;
import dev.scc.cluster.trust.SignerProgram;
import dev.scc.fabric.port.SwitchPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The controller with its ZooKeeper. */
public final class ServerDaemon {
    private static final Logger log = LoggerFactory.getLogger(ServerDaemon.class);

    private ServerDaemon() {}

    /**
     * Starts it.
     *
     * @param api where it listens for callers
     * @param switchPort sets the nodes' ports at the fabric's switches; empty if nothing does
     * @param localContext whether commands of root on this machine find it without being told
     * @param session how long this server may be silent before another leads
     * @throws IOException if the data directory or a port cannot be used
     */
    public static AutoCloseable start(
            TreeHome home,
            InetSocketAddress api,
            Path data,
            Duration session,
            Optional<SwitchPort> switchPort,
            Optional<SignerProgram> signer,
            boolean localContext)
            throws IOException, InterruptedException {
        ServerProcess server =
                ServerProcess.start(home, api, data, session, Security.GUARDED, switchPort, signer, Timing.usual());
        if (!localContext) {
            return server;
        }
        Contexts left = leaveContext(server.address(), data);
        return () -> {
            server.close();
            removeContext(left);
        };
    }

    /** Where only this user can write, a machine's root has its own; what is not his cannot be left there, and is not. */
    private static Contexts leaveContext(String server, Path data) {
        String credentials =
                data.toAbsolutePath().resolve(Administrator.CREDENTIALS).toString();
        Contexts contexts =
                new Contexts("", Map.of()).select("local", new Contexts.Context(server, "", credentials, ""));
        try {
            contexts.write(Selection.localFile());
        } catch (IOException e) {
            log.atInfo()
                    .addKeyValue("file", Selection.localFile())
                    .addKeyValue("why", e.getMessage())
                    .log("no context is left for this machine's administrator; --credentials names what to show");
            log.atInfo().addKeyValue("credentials", credentials).log("an administrator shows these");
        }
        return contexts;
    }

    /** Unless another server has left its own there meanwhile. */
    private static void removeContext(Contexts left) throws IOException {
        if (Contexts.read(Selection.localFile()).equals(left)) {
            Files.deleteIfExists(Selection.localFile());
        }
    }
}
