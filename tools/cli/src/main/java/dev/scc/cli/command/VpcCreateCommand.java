package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.Cidr;
import dev.scc.host.UserMistake;
import dev.scc.vpc.VpcName;
import java.time.Duration;
import java.util.concurrent.Callable;
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
            "  scc create demo --nodes 2 --vpc lab",
            "  scc vpc create pods --cidr 172.21.0.0/16 --containers"
        })
final class VpcCreateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The VPC's name.")
    String name = "";

    @Option(names = "--cidr", required = true, paramLabel = "CIDR", description = "Its addresses.")
    String cidr = "";

    @Option(
            names = "--containers",
            description = {
                "Nodes may put their containers into it by themselves, with scc-cni, in security groups of its that",
                "the container network's configuration names."
            })
    boolean containers;

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
        String what = "vpc create " + vpc;
        try (ClusterClient pool = Pool.connect(session.options())) {
            if (dryRun) {
                return Outcomes.forecast(
                        session, Subject.VPC, what, pool.forecast(new Request.VpcCreate(vpc, addresses, containers)));
            }
            Outcomes.require(
                    Subject.VPC,
                    what,
                    request.await(
                            what,
                            "",
                            id -> pool.createVpc(
                                    new Request.VpcCreate(vpc, addresses, containers),
                                    id,
                                    session.options().timeoutOr(PATIENCE))));
            session.printer().answer(pool.vpc(vpc).orElseThrow(() -> VpcShowCommand.noSuchVpc(what, vpc)));
        }
        return ExitStatus.DONE.code();
    }
}
