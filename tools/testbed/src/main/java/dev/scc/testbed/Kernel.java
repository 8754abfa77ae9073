package dev.scc.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An unpacked kernel package.
 *
 * @param release as in {@code uname -r}
 * @param image what QEMU boots: the kernel itself, or the self-extracting one
 * @param modules the directory that is {@code /lib/modules/<release>} in a guest
 */
record Kernel(String release, Path image, Path modules) {
    /** Whether the files are there that depmod wrote last, and the image. */
    boolean whole() {
        return Files.isReadable(image) && Files.isReadable(modules.resolve("modules.dep"));
    }

    ModuleIndex moduleIndex() throws IOException {
        return new ModuleIndex(
                Files.readAllLines(modules.resolve("modules.dep")),
                Files.readAllLines(modules.resolve("modules.builtin")));
    }
}
