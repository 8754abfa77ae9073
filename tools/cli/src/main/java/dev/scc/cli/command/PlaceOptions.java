package dev.scc.cli.command;

import dev.scc.host.UserMistake;
import dev.scc.vpc.NamespaceFile;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where on its node an ENI is to be. */
final class PlaceOptions {
    @ArgGroup
    @Nullable
    Namespace namespace;

    /** One or the other. */
    static final class Namespace {
        @Option(
                names = "--netns",
                paramLabel = "NAME|PATH",
                description = "Hand it over into a network namespace on the node: one of ip netns, or any by its file."
                        + " Its rules stay in force on the node's side.")
        @Nullable
        String file;

        @Option(
                names = "--pid",
                paramLabel = "PID",
                description = "Hand it over into the network namespace of a process on the node.")
        @Nullable
        Integer pid;
    }

    /** Empty for the node's own. */
    Optional<NamespaceFile> chosen() {
        if (namespace == null) {
            return Optional.empty();
        }
        return namespace.file != null
                ? Optional.of(UserMistake.reading("--netns", namespace.file, NamespaceFile::parse))
                : Optional.ofNullable(namespace.pid)
                        .map(number -> UserMistake.reading("--pid", number, NamespaceFile::ofProcess));
    }
}
