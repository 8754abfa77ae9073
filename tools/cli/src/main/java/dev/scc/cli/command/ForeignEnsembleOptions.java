package dev.scc.cli.command;

import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.host.UserMistake;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an ensemble of somebody else's is reached. */
final class ForeignEnsembleOptions {
    @Option(
            names = "--zookeeper-trust",
            paramLabel = "FILE",
            description =
                    "Use an ensemble of somebody else's over its TLS (HOSTS with its secureClientPort): FILE has the"
                            + " certificates of the authorities that may have signed its own, in PEM. Host names are verified.")
    @Nullable
    Path trust;

    @Option(
            names = "--zookeeper-identity",
            paramLabel = "FILE",
            description =
                    "A key (PKCS #8) and its certificates in PEM, shown where that ensemble asks for them; read anew for"
                            + " each connection. Default: what this process shows others of scc.")
    @Nullable
    Path identity;

    @Option(
            names = "--insecure-zookeeper",
            description = "Use an ensemble of somebody else's in plain text: whoever reaches it owns every node.")
    boolean insecure;

    /** Empty if none of the options is there. @throws UserMistake if they contradict each other, or a file cannot be used */
    Optional<EnsembleDoor> door() {
        if (trust != null && insecure) {
            throw new UserMistake(
                    "--zookeeper-trust is for TLS, and --insecure-zookeeper for plain text: leave one out");
        }
        if (identity != null && trust == null) {
            throw new UserMistake(
                    "--zookeeper-identity goes with --zookeeper-trust: nothing is shown to whom nobody knows");
        }
        if (trust != null) {
            EnsembleDoor.Tls door = new EnsembleDoor.Tls(
                    trust.toAbsolutePath(), Optional.ofNullable(identity).map(Path::toAbsolutePath));
            door.check();
            return Optional.of(door);
        }
        return insecure ? Optional.of(new EnsembleDoor.Plain()) : Optional.empty();
    }
}
