package dev.scc.cluster.cni;

import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.LeaveHook;
import dev.scc.cluster.agent.LeftoverService;
import dev.scc.cluster.client.ContainerClient;
import dev.scc.cluster.cni.CniFailed.Code;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.LocalCallers;
import dev.scc.host.NodeName;
import io.grpc.ServerServiceDefinition;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket on which {@code scc-cni} reaches the node's agent. It is for the agent's own user alone, who is root: the kernel
 * says who has connected. What a caller says and how long it takes is bounded. Thread-safe.
 */
public final class CniDoor implements AgentProcess.Extension, AutoCloseable {
    /** Its file in the agent's data directory, which is for root alone. */
    public static final String FILE = "cni.sock";

    private static final Logger log = LoggerFactory.getLogger(CniDoor.class);
    private static final SocketOption<UnixDomainPrincipal> WHO = ExtendedSocketOptions.SO_PEERCRED;
    private static final int MOST_AT_ONCE = 64;

    private final NodeName node;
    private final Path path;
    private final LocalCallers callers;
    private final ContainerClient servers;
    private volatile Optional<ContainerNetwork> network = Optional.empty();

    private CniDoor(NodeName node, Path path, ContainerClient servers) throws IOException {
        this.node = node;
        this.path = path;
        this.servers = servers;
        callers = LocalCallers.listen(path, "cni", MOST_AT_ONCE, this::serve);
    }

    /**
     * Opens it. Until the agent has a session callers are told to come again.
     *
     * @param data the agent's data directory, which nobody else uses
     * @param servers closed with it
     * @throws IOException if the socket cannot be made there, as where the path is longer than 107 bytes
     */
    public static CniDoor open(NodeName node, Path data, ContainerClient servers) throws IOException {
        Path path = data.resolve(FILE);
        Files.deleteIfExists(path);
        CniDoor door = new CniDoor(node, path, servers);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return door;
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return List.of();
    }

    @Override
    public List<LeaveHook> leaveHooks() {
        return List.of();
    }

    @Override
    public LeftoverService.Source leftovers() {
        return _ -> List.of();
    }

    @Override
    public void joined(Tree tree) {
        network = Optional.of(new ContainerNetwork(node, tree, servers));
    }

    private void serve(LocalCallers.Caller caller) throws IOException, InterruptedException {
        SocketChannel connection = caller.channel();
        if (!connection.getOption(WHO).user().equals(Files.getOwner(path))) {
            log.atWarn()
                    .addKeyValue("user", connection.getOption(WHO).user().getName())
                    .log("a caller who is not root was turned away by the socket for container runtimes");
            return;
        }
        CniCall call = CniCall.read(new BufferedInputStream(Channels.newInputStream(connection)));
        caller.heard();
        ByteBuffer answer = ByteBuffer.wrap(answer(call).getBytes(StandardCharsets.UTF_8));
        while (answer.hasRemaining()) {
            connection.write(answer);
        }
    }

    /** The plugin's exit status, a newline, and what it prints. */
    private String answer(CniCall call) throws InterruptedException {
        String version = CniConfig.OLDEST;
        try {
            CniConfig config = CniConfig.read(call.config());
            version = config.version();
            String result = network.orElseThrow(() -> new CniFailed(
                            call.command().equals("STATUS") ? Code.NOT_AVAILABLE : Code.TRY_LATER,
                            "the agent of node " + node + " has only just started"))
                    .run(call, config);
            return "0\n" + (result.isEmpty() ? "" : result + "\n");
        } catch (CniFailed e) {
            log.atInfo()
                    .addKeyValue("node", node)
                    .addKeyValue("command", call.command())
                    .addKeyValue("container", call.container())
                    .addKeyValue("why", e.getMessage())
                    .log("not done for a container runtime");
            return "1\n" + e.json(version) + "\n";
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a defect in what is done for container runtimes");
            return "1\n"
                    + new CniFailed(Code.FAILED, "a defect of the agent, which is in its log: " + e).json(version)
                    + "\n";
        }
    }

    @Override
    public void close() throws IOException {
        callers.close();
        servers.close();
    }
}
