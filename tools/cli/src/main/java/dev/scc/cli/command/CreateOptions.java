package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.Arrange;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.ClusterSpecFile;
import dev.scc.cluster.OnFailure;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    @Option(names = "--vpc", paramLabel = "NAME", description = "Name of its VPC; default the cluster's own.")
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
    Map<String, String> select = new TreeMap<>();

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
                    "Pairs that must have exchanged RDMA traffic before it is Ready: full (default), quick or off.")
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
     * @throws Failure if something is missing or does not fit
     */
    ClusterSpec spec() throws Failure {
        try {
            ClusterSpec spec = merge(file == null ? Optional.empty() : Optional.of(ClusterSpecFile.read(file)));
            Stream.of(spec.vpcCidr(), spec.rdmaCidr()).flatMap(Optional::stream).forEach(cidr -> {
                if (cidr.hosts() < spec.nodes()) {
                    throw new IllegalArgumentException(
                            cidr + " has " + cidr.hosts() + " addresses, too few for " + spec.nodes() + " nodes");
                }
            });
            return spec;
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitStatus.USAGE, Problem.of("create", String.valueOf(e.getMessage()), "scc create --help"));
        }
    }

    private ClusterSpec merge(Optional<ClusterSpec> base) {
        String called =
                name != null ? name : base.map(spec -> spec.name().value()).orElse(null);
        Integer many = nodes != null ? nodes : base.map(ClusterSpec::nodes).orElse(null);
        if (called == null || many == null) {
            throw new IllegalArgumentException(
                    (called == null ? "the cluster's name" : "--nodes") + " is missing, and no file says it");
        }
        ClusterSpec from = base.orElseGet(() -> ClusterSpec.of(called, many));
        return new ClusterSpec(
                new ClusterName(called),
                many,
                vpc == null ? from.vpc() : Optional.of(vpc),
                vpcCidr == null ? from.vpcCidr() : Optional.of(Cidr.parse(vpcCidr)),
                rdmaCidr == null ? from.rdmaCidr() : Optional.of(Cidr.parse(rdmaCidr)),
                select.isEmpty() ? from.select() : select,
                arrange().or(from::arrange),
                verify == null ? from.verify() : verify,
                onFailure == null ? from.onFailure() : onFailure);
    }

    private Optional<Arrange> arrange() {
        if (spread != null && pack != null) {
            throw new IllegalArgumentException("--spread and --pack exclude each other");
        }
        return spread != null
                ? Optional.of(new Arrange(Arrange.How.SPREAD, spread))
                : Optional.ofNullable(pack).map(label -> new Arrange(Arrange.How.PACK, label));
    }
}
