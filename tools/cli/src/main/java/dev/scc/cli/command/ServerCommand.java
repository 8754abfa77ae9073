package dev.scc.cli.command;

import dev.scc.cli.daemon.Daemon;
import dev.scc.cli.daemon.ServerDaemon;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.server.JoinedServer;
import dev.scc.cluster.server.TreeHome;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.trust.SignerProgram;
import dev.scc.cluster.zk.Ensemble;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.fabric.port.CommandPort;
import dev.scc.fabric.port.SwitchPort;
import dev.scc.host.UserMistake;
import dev.scc.host.command.LocalCommands;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scc server}. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description =
                "The controller, with ZooKeeper in it or on an ensemble. Runs until SIGTERM; logs to standard error.",
        footer = {
            "",
            "Examples:",
            "  scc server --data /var/lib/scc/server --bind 10.0.0.1",
            "  scc server --data /var/lib/scc/server --name s1 --peers s1=10.0.0.1,s2=10.0.0.2,s3=10.0.0.3",
            "  scc token create --server s2 > token        on s1, then on s2:",
            "  scc server --data /var/lib/scc/server --token token --peers s1=10.0.0.1,s2=10.0.0.2,s3=10.0.0.3",
            "  scc server --data /var/lib/scc/server --zookeeper zk1:2281,zk2:2281,zk3:2281 --zookeeper-trust zk-ca.pem"
        })
final class ServerCommand implements Callable<Integer> {
    private static final String USUAL_ADDRESS = "127.0.0.1";
    private static final int ZOOKEEPER_PORT = 2181;
    private static final Duration SHORTEST_SESSION = Duration.ofSeconds(2);
    private static final Duration SHORTEST_WITH_PEERS = Duration.ofSeconds(4);
    private static final Duration LONGEST_SESSION = Duration.ofSeconds(20);

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Where it keeps what must survive.")
    Path data = Path.of("");

    @Option(
            names = "--bind",
            paramLabel = "ADDR",
            description = "Where it listens for callers, and its ZooKeeper for agents; default " + USUAL_ADDRESS
                    + ", with --peers this server's host.")
    @Nullable
    String bind;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Its ZooKeeper's port; default " + ZOOKEEPER_PORT + ".")
    @Nullable
    Integer port;

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            description = "Where it listens for callers; default ${DEFAULT-VALUE}.",
            defaultValue = "" + ServerRpc.USUAL_PORT)
    int apiPort;

    @Option(
            names = "--peers",
            paramLabel = "LIST",
            description = "All servers of an ensemble, this one too, as NAME=HOST with commas between; on other ports"
                    + " NAME=HOST:CLIENTS:FOLLOWERS:VOTES (2181:2888:3888). An odd number, the same list on each.")
    @Nullable
    String peers;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "This server among the peers; default the one that its token is for.")
    @Nullable
    String name;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = {
                "Lets this server in, at its first start; the first of the peers, by name, needs none: scc token create"
                        + " --server NAME on a server that runs makes one. A file's name instead keeps it out of the list"
                        + " of processes."
            })
    @Nullable
    String token;

    @Option(
            names = "--zookeeper",
            paramLabel = "HOSTS",
            description = "An ensemble of somebody else's to use instead of one of its own; needs --zookeeper-trust, or"
                    + " --insecure-zookeeper. Agents that join are told of both.")
    @Nullable
    String zooKeeper;

    @Mixin
    ForeignEnsembleOptions foreign = new ForeignEnsembleOptions();

    @Option(
            names = "--session",
            paramLabel = "DURATION",
            description = "How long it may be silent before another server leads; 2s to 20s, default"
                    + " ${DEFAULT-VALUE}; with --peers at least 4s.",
            defaultValue = "6s")
    Duration session = Duration.ZERO;

    @Option(
            names = "--switch",
            paramLabel = "PROGRAM",
            description = {
                "Sets the nodes' ports at the fabric's switches; run as PROGRAM allow NODE VLAN ADDRESS: that VLAN alone, and from the"
                        + " node only that address, or PROGRAM close NODE: nothing. Exit status 0 means that it is so now; it may be"
                        + " run again, and for several nodes at once; SCC_EPOCH has a number that grows with each new leader."
            })
    @Nullable
    Path switchProgram;

    @Option(names = "--switch-dry-run", description = "Only log what PROGRAM would be run for.")
    boolean switchDryRun;

    @Option(
            names = "--signer",
            paramLabel = "PROGRAM",
            description = {
                "Has the keys of the pool's roots, which are not in DIR then: from a server's first start on, and at every server."
                        + " Run as PROGRAM key ROOT: prints the public key in PEM; or PROGRAM sign ROOT: gets bytes in base64, prints"
                        + " the key's signature over their SHA-256 in base64. ROOT is servers or members; SCC_FOR and SCC_SECONDS"
                        + " say who gets a certificate, and for how long. Exit status 0 within 10 s, or standard error says why."
            })
    @Nullable
    Path signerProgram;

    @Option(
            names = "--signer-check",
            description = "Only try whether PROGRAM has both keys and signs with them; nothing is changed.")
    boolean signerCheck;

    @Option(
            names = "--no-local-context",
            description = "Leave no context for this machine's root in /run/scc/config.yaml.")
    boolean noLocalContext;

    @Override
    public Integer call() throws Exception {
        Optional<JoinToken> way = Optional.ofNullable(token).map(Tokens::read);
        TreeHome home = home(way);
        Duration shortest = home instanceof TreeHome.Member ? SHORTEST_WITH_PEERS : SHORTEST_SESSION;
        if (session.compareTo(shortest) < 0 || session.compareTo(LONGEST_SESSION) > 0) {
            throw new UserMistake("--session " + session.toSeconds() + "s is not " + shortest.toSeconds() + "s to "
                    + LONGEST_SESSION.toSeconds() + "s");
        }
        Optional<SwitchPort> port = switchPort();
        Optional<SignerProgram> signer = signer();
        if (signerCheck) {
            signer.orElseThrow(() -> new UserMistake("--signer-check goes with --signer: there is nothing to be tried"))
                    .check();
            return ExitStatus.DONE.code();
        }
        InetAddress host = host(home);
        InetSocketAddress api =
                UserMistake.reading("--api-port", apiPort, number -> new InetSocketAddress(host, number));
        Daemon.run(() -> {
            if (home instanceof TreeHome.Member(var _, String self) && way.isPresent()) {
                JoinedServer.join(way.get(), self, data);
            }
            return ServerDaemon.start(home, api, data, session, port, signer, !noLocalContext);
        });
        return ExitStatus.DONE.code();
    }

    private Optional<SwitchPort> switchPort() {
        if (switchProgram == null) {
            if (switchDryRun) {
                throw new UserMistake("--switch-dry-run goes with --switch: there is nothing to be run");
            }
            return Optional.empty();
        }
        return Optional.of(new CommandPort(new LocalCommands(), program("--switch", switchProgram), switchDryRun));
    }

    private Optional<SignerProgram> signer() {
        return Optional.ofNullable(signerProgram)
                .map(file -> new SignerProgram(new LocalCommands(), program("--signer", file)));
    }

    private static Path program(String option, Path file) {
        Path program = file.toAbsolutePath();
        if (!Files.isExecutable(program) || Files.isDirectory(program)) {
            throw new UserMistake(option + " " + file + " is no program that can be run");
        }
        return program;
    }

    private InetAddress host(TreeHome home) throws UnknownHostException {
        return switch (home) {
            case TreeHome.Single(InetSocketAddress bound) -> bound.getAddress();
            case TreeHome.Member(Ensemble ensemble, String self) ->
                InetAddress.getByName(ensemble.member(self).host());
            case TreeHome.External _ -> InetAddress.getByName(Objects.requireNonNullElse(bind, USUAL_ADDRESS));
        };
    }

    private TreeHome home(Optional<JoinToken> way) throws UnknownHostException {
        if (peers == null && way.isPresent()) {
            throw new UserMistake("--token goes with --peers: a server alone has nobody to join");
        }
        if (peers == null && name != null) {
            throw new UserMistake("--name goes with --peers");
        }
        if (peers != null && zooKeeper != null) {
            throw new UserMistake("--peers and --zookeeper exclude each other");
        }
        if ((peers != null || zooKeeper != null) && port != null) {
            throw new UserMistake("--port is for a single server; with --peers each port is in the list,"
                    + " with --zookeeper there is no ZooKeeper here");
        }
        if (peers != null && bind != null) {
            throw new UserMistake("--bind is not for --peers: each address is in the list");
        }
        Optional<EnsembleDoor> door = foreign.door();
        if (door.isPresent() && zooKeeper == null) {
            throw new UserMistake((foreign.insecure ? "--insecure-zookeeper" : "--zookeeper-trust")
                    + " is for --zookeeper: a server's own asks everybody who he is");
        }
        if (zooKeeper != null) {
            return new TreeHome.External(
                    zooKeeper,
                    door.orElseThrow(() -> new UserMistake("how is " + zooKeeper
                            + " reached? --zookeeper-trust FILE has its authorities' certificates, for TLS; over plain text whoever"
                            + " reaches it asks nobody who he is and would own every node, which --insecure-zookeeper accepts;"
                            + " --peers makes an ensemble of scc's own")));
        }
        if (peers == null) {
            InetAddress address = InetAddress.getByName(Objects.requireNonNullElse(bind, USUAL_ADDRESS));
            int listens = port == null ? ZOOKEEPER_PORT : port;
            return UserMistake.reading(
                    "--port", listens, number -> new TreeHome.Single(new InetSocketAddress(address, number)));
        }
        String self = Optional.ofNullable(name)
                .or(() -> way.map(JoinToken::principal)
                        .filter(principal -> principal.role() == Role.SERVER)
                        .map(Principal::name))
                .orElseThrow(() -> new UserMistake(
                        "--peers needs --name, or --token of a server: which of them is this" + " server?"));
        Ensemble ensemble = UserMistake.reading(peers, Ensemble::parse);
        UserMistake.reading(self, ensemble::member);
        return new TreeHome.Member(ensemble, self);
    }
}
