package dev.scc.cli.command;

import dev.scc.host.UserMistake;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.GuestTap;
import dev.scc.vpc.NamespaceFile;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where on its node an ENI is to be. */
final class PlaceOptions {
    @ArgGroup
    @Nullable
    Elsewhere elsewhere;

    /** One of them. */
    static final class Elsewhere {
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

        @Option(
                names = "--tap",
                description =
                        "Hand it over to the guest of a virtual machine on the node, by a tap of the name eniSLOT."
                                + " Its rules stay in force on the node's side.")
        boolean tap;
    }

    /** Empty for the node's own network namespace. */
    Optional<EniPlace> chosen() {
        if (elsewhere == null) {
            return Optional.empty();
        }
        if (elsewhere.tap) {
            return Optional.of(new GuestTap());
        }
        return elsewhere.file != null
                ? Optional.of(UserMistake.reading("--netns", elsewhere.file, NamespaceFile::parse))
                : Optional.ofNullable(elsewhere.pid)
                        .map(number -> UserMistake.reading("--pid", number, NamespaceFile::ofProcess));
    }
}
