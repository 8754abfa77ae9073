package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.VpcView;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.UserMistake;
import dev.scc.vpc.VpcName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc vpc create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Make a VPC that lives by itself. Clusters join it with scc create --vpc NAME, several at a time, and",
            "leave it there when they are deleted. VPCs may overlap each other, but not what nodes have to reach."
        },
        footer = {
            "",
            "Examples:",
            "  scc vpc create lab --cidr 172.20.0.0/16",
            "  scc vpc create both --cidr 172.22.0.0/16 --cidr6 fd00:22::/64",
            "  scc create demo --nodes 2 --vpc lab",
            "  scc vpc create pods --cidr 172.21.0.0/16 --containers",
            "  scc vpc create vault --cidr 172.23.0.0/16 --encrypt"
        })
final class VpcCreateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The VPC's name.")
    String name = "";

    @Option(names = "--cidr", required = true, paramLabel = "CIDR", description = "Its addresses.")
    String cidr = "";

    @Option(
            names = "--cidr6",
            paramLabel = "CIDR",
            description = {
                "Its addresses of IPv6, such as fd00:1::/64; default none, and that stays so. Each ENI and each member of a",
                "cluster in it has one, with the number that its address of --cidr has there: 172.20.0.9 and fd00:1::9.",
                "Its prefix is within 48 to 96 and that of --cidr together, such as 112 beside a /16."
            })
    @Nullable
    String cidr6;

    @Option(
            names = "--containers",
            description = {
                "Nodes may put their containers into it by themselves, with scc-cni, in security groups of its that",
                "the container network's configuration names."
            })
    boolean containers;

    @Option(
            names = "--encrypt",
            description = {
                "What it sends from node to node is encrypted, and nobody on the underlay can read it or send anything in",
                "its place: for underlays that others are on, too. Its packets are 80 bytes smaller. Only nodes whose",
                "kernel has WireGuard can be in it. It stays so."
            })
    boolean encrypt;

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final RequestOptions request = new RequestOptions();

    VpcCreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        VpcName vpc = UserMistake.reading(name, VpcName::new);
        Cidr addresses = UserMistake.reading("--cidr", cidr, Cidr::parse);
        Optional<Cidr6> six =
                Optional.ofNullable(cidr6).map(text -> UserMistake.reading("--cidr6", text, Cidr6::parse));
        Request.VpcCreate create = new Request.VpcCreate(vpc, addresses, containers, six, encrypt);
        String what = "vpc create " + vpc;
        try (ClusterClient pool = Pool.connect(session.options())) {
            if (dryRun) {
                return Outcomes.forecast(session, Subject.VPC, what, pool.forecast(create));
            }
            Outcomes.require(
                    Subject.VPC,
                    what,
                    request.await(
                            what,
                            "",
                            id -> pool.createVpc(create, id, session.options().timeoutOr(PATIENCE))));
            VpcView made = pool.vpc(vpc).orElseThrow(() -> VpcShowCommand.noSuchVpc(what, vpc));
            if (encrypt && !made.encrypted()) {
                throw plain(what, vpc);
            }
            session.printer().answer(made);
        }
        return ExitStatus.DONE.code();
    }

    private static Failure plain(String what, VpcName vpc) {
        return new Failure(
                ExitStatus.FAILED,
                Problem.of(
                        what,
                        "the server made VPC " + vpc + ", but is of a release that cannot encrypt it",
                        "scc vpc delete " + vpc + ", and upgrade all servers and agents"));
    }
}
