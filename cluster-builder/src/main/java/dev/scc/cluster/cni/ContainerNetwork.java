package dev.scc.cluster.cni;

import dev.scc.cluster.Attachment;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.client.ContainerClient;
import dev.scc.cluster.client.NotEntitled;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.client.TimedOut;
import dev.scc.cluster.cni.CniFailed.Code;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Ip;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.VpcName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gives containers of the node their ENIs. Nothing is remembered here: what there is stands in the tree, so an agent or a plugin
 * that was killed between two calls leaves nothing but what the next call finds. Thread-safe.
 */
final class ContainerNetwork {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final NodeName node;
    private final Tree tree;
    private final ContainerClient servers;
    /** What is done for one container is done after each other. */
    private final List<ReentrantLock> turns =
            IntStream.range(0, 64).mapToObj(_ -> new ReentrantLock()).toList();

    ContainerNetwork(NodeName node, Tree tree, ContainerClient servers) {
        this.node = node;
        this.tree = tree;
        this.servers = servers;
    }

    /** What the runtime is told on success; nothing for most commands. */
    String run(CniCall call, CniConfig config) throws CniFailed, InterruptedException {
        try {
            return switch (call.command()) {
                case "ADD" -> add(call, config);
                case "DEL" -> delete(call, config);
                case "CHECK" -> check(call, config);
                case "GC" -> collect(config);
                case "STATUS" -> status(config);
                default ->
                    throw new CniFailed(
                            Code.BAD_ENVIRONMENT, "CNI_COMMAND is " + call.command() + ", which nobody knows");
            };
        } catch (ConnectionLost e) {
            throw new CniFailed(
                    call.command().equals("STATUS") ? Code.NOT_AVAILABLE : Code.TRY_LATER,
                    "the agent of node " + node + " does not reach its servers: " + e.getMessage());
        }
    }

    private String add(CniCall call, CniConfig config) throws CniFailed, ConnectionLost, InterruptedException {
        Attachment whose = call.attachment(config.network());
        NamespaceFile file = call.file();
        VpcName vpc = config.vpcName();
        List<Ip> asked = config.addresses(call);
        ReentrantLock turn = turn(whose);
        turn.lockInterruptibly();
        try {
            Optional<Plug> there = plug(whose);
            if (there.isPresent() && serves(there.get(), file, vpc, asked)) {
                return CniResult.of(there.get(), config.version());
            }
            List<Ip> kept = there.filter(plug -> plug.vpc().name().equals(vpc.value()))
                    .map(plug -> plug.addresses().all())
                    .orElse(List.of());
            List<Ip> wanted = asked.isEmpty() ? kept : asked;
            if (there.isPresent()) {
                remove(there.get(), whose);
            }
            requireRoom();
            require(servers.ask(
                    new Request.EniAttach(
                            node,
                            vpc,
                            Optional.empty(),
                            Optional.empty(),
                            config.groupNames(),
                            Optional.of(file),
                            Optional.of(whose),
                            wanted),
                    PATIENCE));
            Plug plug = plug(whose)
                    .orElseThrow(() -> new CniFailed(Code.TRY_LATER, "somebody has detached the ENI of " + whose));
            return CniResult.of(plug, config.version());
        } catch (ServerUnreachable | TimedOut e) {
            throw new CniFailed(Code.TRY_LATER, String.valueOf(e.getMessage()));
        } catch (NotEntitled | UserMistake e) {
            throw new CniFailed(Code.BAD_CONFIGURATION, String.valueOf(e.getMessage()));
        } finally {
            turn.unlock();
        }
    }

    /** What the servers would refuse is not asked: runtimes try again and again, and each request stays in the tree for a day. */
    private void requireRoom() throws CniFailed, ConnectionLost, InterruptedException {
        int there = plugs().size();
        if (there >= Plug.LAST_SLOT) {
            throw new CniFailed(
                    Code.TRY_LATER,
                    "node " + node + " has " + there + " ENIs beside that of a cluster, and may have no more");
        }
    }

    private static boolean serves(Plug plug, NamespaceFile file, VpcName vpc, List<Ip> asked) {
        return plug.phase() == Plug.Phase.ATTACHED
                && plug.namespace().filter(file::equals).isPresent()
                && plug.vpc().name().equals(vpc.value())
                && plug.addresses().all().containsAll(asked);
    }

    private String delete(CniCall call, CniConfig config) throws CniFailed, ConnectionLost, InterruptedException {
        delete(call.attachment(config.network()));
        return "";
    }

    private void delete(Attachment whose) throws CniFailed, ConnectionLost, InterruptedException {
        ReentrantLock turn = turn(whose);
        turn.lockInterruptibly();
        try {
            Optional<Plug> there = plug(whose);
            if (there.isPresent()) {
                remove(there.get(), whose);
            }
        } catch (ServerUnreachable | TimedOut e) {
            throw new CniFailed(Code.TRY_LATER, String.valueOf(e.getMessage()));
        } finally {
            turn.unlock();
        }
    }

    /** Has it detached, and waits until it is gone; somebody else may be at it. */
    private void remove(Plug plug, Attachment whose)
            throws CniFailed, ConnectionLost, ServerUnreachable, TimedOut, InterruptedException {
        if (plug.phase() != Plug.Phase.DETACHING) {
            Outcome outcome = servers.ask(new Request.EniDetach(plug.eni()), PATIENCE);
            boolean late = outcome instanceof Outcome.Refused refused
                    && (refused.reason() == Refusal.UNKNOWN || refused.reason() == Refusal.BUSY);
            if (!late) {
                require(outcome);
            }
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (plug(whose).filter(other -> other.eni().equals(plug.eni())).isPresent()) {
            if (System.nanoTime() - end > 0) {
                throw new CniFailed(Code.TRY_LATER, plug.eni() + " is being detached still");
            }
            Thread.sleep(PAUSE);
        }
    }

    private String check(CniCall call, CniConfig config) throws CniFailed, ConnectionLost, InterruptedException {
        Attachment whose = call.attachment(config.network());
        Plug plug = plug(whose)
                .filter(there -> there.phase() == Plug.Phase.ATTACHED)
                .orElseThrow(() -> new CniFailed(Code.NOT_AS_IT_HAS_TO_BE, whose + " has no ENI on node " + node));
        Optional<String> why = plug.namespace().equals(Optional.of(call.file()))
                ? homeless(plug)
                : Optional.of("it is elsewhere, in "
                        + plug.namespace().map(NamespaceFile::path).orElse("the node's own namespace"));
        if (why.isEmpty()) {
            why = otherwise(plug);
        }
        if (why.isPresent()) {
            throw new CniFailed(Code.NOT_AS_IT_HAS_TO_BE, plug.eni() + " of " + whose + ": " + why.get());
        }
        return "";
    }

    /** What the agent's last pass has found wrong. */
    private Optional<String> homeless(Plug plug) throws ConnectionLost, InterruptedException {
        return tree.get(Paths.plugged(node))
                .map(entry -> entry.read(PlugStatus.class))
                .flatMap(status -> status.homeless(plug.slot()).or(status::failed))
                .map(PlugStatus.Fault::why);
    }

    /** What is wrong in the container at this moment. */
    private static Optional<String> otherwise(Plug plug) throws InterruptedException {
        String device = plug.deviceThere();
        Path file = Path.of(plug.namespace().orElseThrow().path());
        try {
            return NetworkNamespace.at(file).inside(() -> {
                NetworkInterface there = NetworkInterface.getByName(device);
                if (there == null || !there.isUp()) {
                    return Optional.of(device + " is not there, or down");
                }
                byte[] mac = there.getHardwareAddress();
                boolean same = mac != null
                        && HexFormat.ofDelimiter(":")
                                .formatHex(mac)
                                .equals(Mac.of(plug.address()).value())
                        && there.inetAddresses()
                                .map(InetAddress::getHostAddress)
                                .map(address -> Ip.parse(address.replaceFirst("%.*", "")))
                                .collect(Collectors.toSet())
                                .containsAll(plug.addresses().all());
                return same
                        ? Optional.<String>empty()
                        : Optional.of(device + " has not the MAC and addresses of the ENI");
            });
        } catch (IOException e) {
            return Optional.of("cannot look into " + file + ": " + e.getMessage());
        }
    }

    /** Of its network only: a runtime says what it has for each of them. */
    private String collect(CniConfig config) throws CniFailed, ConnectionLost, InterruptedException {
        String network = config.network();
        List<CniConfig.Valid> valid = config.valid()
                .orElseThrow(() -> new CniFailed(
                        Code.BAD_CONFIGURATION, "the configuration does not say cni.dev/valid-attachments"));
        Optional<CniFailed> first = Optional.empty();
        for (Plug plug : plugs()) {
            Optional<Attachment> lost = plug.attachment()
                    .filter(whose -> whose.network().equals(network)
                            && valid.stream()
                                    .noneMatch(has -> has.containerId().equals(whose.container())
                                            && has.ifname().equals(whose.device())));
            if (lost.isPresent()) {
                try {
                    delete(lost.get());
                } catch (CniFailed e) {
                    first = first.or(() -> Optional.of(e));
                }
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
        return "";
    }

    private String status(CniConfig config) throws CniFailed, ConnectionLost, InterruptedException {
        tree.sync();
        VpcName name = config.vpcName();
        Optional<Entry> entry = tree.get(Paths.vpc(name));
        if (entry.isEmpty()) {
            throw new CniFailed(Code.NOT_AVAILABLE, "there is no VPC " + name);
        }
        if (!entry.get().read(VpcRecord.class).containers()) {
            throw new CniFailed(
                    Code.NOT_AVAILABLE, "VPC " + name + " is not open to containers: it was made without --containers");
        }
        return "";
    }

    private static void require(Outcome outcome) throws CniFailed {
        switch (outcome) {
            case Outcome.Done _, Outcome.InProgress _ -> {}
            case Outcome.Refused refused ->
                throw new CniFailed(
                        refused.reason() == Refusal.BUSY ? Code.TRY_LATER : Code.BAD_CONFIGURATION, refused.why());
            case Outcome.Failed failed ->
                throw new CniFailed(
                        Code.FAILED,
                        failed.failure().why() + "; " + failed.failure().done());
        }
    }

    private Optional<Plug> plug(Attachment whose) throws ConnectionLost, InterruptedException {
        return plugs().stream()
                .filter(plug -> plug.attachment().filter(whose::isSame).isPresent())
                .findFirst();
    }

    private List<Plug> plugs() throws ConnectionLost, InterruptedException {
        // Who has just been told by a server that something is so must find it so.
        tree.sync();
        return tree.get(Paths.plugs(node))
                .map(entry -> entry.read(NodePlugs.class))
                .orElse(NodePlugs.NONE)
                .plugs();
    }

    private ReentrantLock turn(Attachment whose) {
        return turns.get(Math.floorMod(whose.container().hashCode(), turns.size()));
    }
}
