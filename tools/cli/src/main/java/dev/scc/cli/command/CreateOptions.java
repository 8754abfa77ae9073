package dev.scc.cli.command;

import dev.scc.cluster.Arrange;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.ClusterSpecFile;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.UserMistake;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The cluster that a create asks for: from a file, from options, or from a file with options on top. */
final class CreateOptions {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The cluster's name; may be left out with -f.")
    @Nullable
    String name;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes.")
    @Nullable
    Integer nodes;

    @Option(names = "--vpc", paramLabel = "NAME", description = "The VPC that it joins, or the name of its own.")
    @Nullable
    String vpc;

    @Option(names = "--vpc-cidr", paramLabel = "CIDR", description = "Addresses of its VPC; default a free range.")
    @Nullable
    String vpcCidr;

    @Option(names = "--rdma-cidr", paramLabel = "CIDR", description = "Addresses of its segment; default a free range.")
    @Nullable
    String rdmaCidr;

    @Option(
            names = "--select",
            paramLabel = "LABEL=VALUE",
            description = "Only nodes that bear this label; may be given several times.")
    List<KeyValue> select = List.of();

    @Option(
            names = "--spread",
            paramLabel = "LABEL",
            description = "As evenly as possible over the values of this label, such as rack.")
    @Nullable
    String spread;

    @Option(names = "--pack", paramLabel = "LABEL", description = "On as few values of this label as possible.")
    @Nullable
    String pack;

    @Option(
            names = "--verify",
            paramLabel = "PATTERN",
            description =
                    "Pairs that must have exchanged RDMA traffic before it is Ready: full (default), quick or off. The VPC is"
                            + " probed in any case: each member and its neighbours in a ring, with packets of the full MTU.")
    @Nullable
    Pattern verify;

    @Option(
            names = "--on-failure",
            paramLabel = "POLICY",
            description =
                    "When a node fails: rollback (default) takes everything back; replace takes another node, in create and"
                            + " as long as the cluster lives; keep leaves it for a look.")
    @Nullable
    OnFailure onFailure;

    @Option(
            names = "--no-preflight",
            description = "Also nodes on which the doctor's rules have found an error: scc doctor shows them.")
    boolean noPreflight;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Somebody else whose it is, too; may be given several times.")
    List<String> users = List.of();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A spec in YAML; the options given beside it win.")
    @Nullable
    Path file;

    /** Whether any of this was said. */
    boolean named() {
        return name != null || file != null;
    }

    /**
     * The spec, checked as far as this can be done without asking the server.
     *
     * @throws UserMistake if something is missing or does not fit
     */
    ClusterSpec spec() {
        ClusterSpec spec = merge(file == null ? Optional.empty() : Optional.of(ClusterSpecFile.read(file)));
        Stream.of(spec.vpcCidr(), spec.rdmaCidr()).flatMap(Optional::stream).forEach(cidr -> {
            if (cidr.hosts() < spec.nodes()) {
                throw new UserMistake(
                        cidr + " has " + cidr.hosts() + " addresses, too few for " + spec.nodes() + " nodes");
            }
        });
        return spec;
    }

    private ClusterSpec merge(Optional<ClusterSpec> base) {
        String called =
                name != null ? name : base.map(spec -> spec.name().value()).orElse(null);
        Integer many = nodes != null ? nodes : base.map(ClusterSpec::nodes).orElse(null);
        if (called == null || many == null) {
            throw new UserMistake(
                    (called == null ? "the cluster's name" : "--nodes") + " is missing, and no file says it");
        }
        ClusterName cluster = UserMistake.reading(called, ClusterName::new);
        ClusterSpec from = UserMistake.reading(
                "--nodes",
                many,
                count -> base.orElseGet(() -> ClusterSpec.of(called, count)).withNodes(count));
        return new ClusterSpec(
                cluster,
                many,
                vpc == null
                        ? from.vpc()
                        : Optional.of(UserMistake.reading("--vpc", vpc, ClusterName::new)
                                .value()),
                vpcCidr == null ? from.vpcCidr() : Optional.of(UserMistake.reading("--vpc-cidr", vpcCidr, Cidr::parse)),
                rdmaCidr == null
                        ? from.rdmaCidr()
                        : Optional.of(UserMistake.reading("--rdma-cidr", rdmaCidr, Cidr::parse)),
                select.isEmpty() ? from.select() : KeyValue.map(select),
                arrange().or(from::arrange),
                verify == null ? from.verify() : verify,
                onFailure == null ? from.onFailure() : onFailure,
                users.isEmpty() ? from.users() : named(users),
                noPreflight || from.unchecked());
    }

    private static List<String> named(List<String> users) {
        users.forEach(user -> UserMistake.reading("--user", user, name -> new Principal(Role.USER, name)));
        return users;
    }

    private Optional<Arrange> arrange() {
        if (spread != null && pack != null) {
            throw new UserMistake("--spread and --pack exclude each other");
        }
        return spread != null
                ? Optional.of(UserMistake.reading("--spread", spread, label -> new Arrange(Arrange.How.SPREAD, label)))
                : Optional.ofNullable(pack)
                        .map(text ->
                                UserMistake.reading("--pack", text, label -> new Arrange(Arrange.How.PACK, label)));
    }
}
