package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.Ip;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc eni attach}. */
@Command(
        name = "attach",
        mixinStandardHelpOptions = true,
        description = {
            "Give a node an interface in a VPC that scc vpc create has made: a member of a cluster, or one in none.",
            "It reaches everybody in the VPC, and everybody reaches it, unless it is in security groups: then only what",
            "their rules allow. It is there at the end, or taken back.",
            "A node has one of each VPC in its own network namespace, and one in each other, up to 31. A member of a cluster",
            "that has joined the VPC has eni0 in its own, and others as containers and guests have them.",
            "In a namespace it is gone with that, and there again, in 3 s, when one of that name is; one of a process is not.",
            "A tap is for a virtual machine on the node; scc eni show says what QEMU is told to open it."
        },
        footer = {
            "",
            "Examples:",
            "  scc eni attach n5 --vpc lab",
            "  scc eni attach n5 --vpc lab --ip 172.20.0.9 -o name",
            "  scc eni attach n5 --vpc both --ip 172.22.0.9 --ip 172.22.0.10 --ip fd00:22::1:9",
            "  scc eni attach n5 --vpc lab --sg web,ssh",
            "  scc eni attach n5 --vpc lab --netns blue",
            "  scc eni attach n5 --vpc lab --netns green",
            "  scc eni attach n5 --vpc lab --pid 4711",
            "  scc eni attach n5 --vpc lab --tap"
        })
final class EniAttachCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Session session;

    @Parameters(paramLabel = "NODE", description = "The node.")
    String node = "";

    @Option(names = "--vpc", required = true, paramLabel = "NAME", description = "The VPC.")
    String vpc = "";

    @Option(
            names = "--ip",
            paramLabel = "IP",
            description = {
                "An address of it; default one that is free. May be repeated, with IPv4 and IPv6, up to 8 for an ENI: the first",
                "of IPv4 is the primary one. Where the VPC has IPv6 and none is given, the one with the same number."
            })
    List<String> ips = new ArrayList<>();

    @Option(names = "--slot", paramLabel = "N", description = "Its slot, 1 to 31; default one that is free.")
    @Nullable
    Integer slot;

    @Option(names = "--sg", split = ",", paramLabel = "GROUP", description = "Security groups that it is in.")
    List<String> groups = new ArrayList<>();

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Mixin
    final RequestOptions request = new RequestOptions();

    EniAttachCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        NodeName to = UserMistake.reading(node, NodeName::new);
        VpcName vpcName = UserMistake.reading("--vpc", vpc, VpcName::new);
        List<Ip> addresses = new ArrayList<>();
        for (String ip : ips) {
            addresses.add(UserMistake.reading("--ip", ip, Ip::parse));
        }
        List<GroupName> in = new ArrayList<>();
        for (String group : groups) {
            in.add(UserMistake.reading("--sg", group, GroupName::new));
        }
        Optional<EniPlace> elsewhere = place.chosen();
        Request.EniAttach attach = UserMistake.reading(
                "--slot",
                Optional.ofNullable(slot),
                number -> new Request.EniAttach(
                        to, vpcName, Optional.empty(), number, in, elsewhere, Optional.empty(), addresses));
        String what = "eni attach " + to;
        try (ClusterClient pool = Pool.connect(session.options())) {
            if (dryRun) {
                return Outcomes.forecast(session, Subject.ENI, what, pool.forecast(attach));
            }
            Outcomes.require(
                    Subject.ENI,
                    what,
                    request.await(
                            what,
                            "",
                            id -> pool.attach(attach, id, session.options().timeoutOr(PATIENCE))));
            session.printer().answer(EniShowCommand.find(what, pool, EniId.of(request.id())));
        }
        return ExitStatus.DONE.code();
    }
}
