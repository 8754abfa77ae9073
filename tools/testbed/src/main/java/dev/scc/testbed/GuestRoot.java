package dev.scc.testbed;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The root that a guest gets over 9p: what its {@link HostFiles} name, in a mount namespace that only its QEMU is in. */
final class GuestRoot {
    private static final Path PROGRAMS = Path.of("/usr");

    private GuestRoot() {}

    /**
     * The words that start a command in there.
     *
     * @param data the testbed's directory, which holds its secrets
     * @param kernel whose modules the guest loads
     * @param at an empty directory, where the root is put
     */
    static List<String> enter(HostFiles files, Path data, Kernel kernel, Path at) {
        List<String> words =
                new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "--", "sh", "-c"));
        words.add(new String(Initramfs.resource("guest-root.sh"), StandardCharsets.UTF_8));
        words.addAll(List.of("guest-root", at.toString()));
        Stream.concat(Stream.of(PROGRAMS, kernel.modules()), files.shown().stream())
                .filter(Files::isDirectory)
                .map(Path::toString)
                .forEach(words::add);
        words.add("--");
        Stream.concat(Stream.of(data), files.hidden().stream())
                .map(Path::toString)
                .forEach(words::add);
        words.add("--");
        return List.copyOf(words);
    }
}
