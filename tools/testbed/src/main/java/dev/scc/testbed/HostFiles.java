package dev.scc.testbed;

import java.nio.file.Path;
import java.util.List;

/**
 * What guests see of the host's files, read-only, beside programs and libraries of the system, the kernel's modules and those
 * settings in {@code /etc} that everybody on the host may read.
 *
 * @param shown directories with all that is in them
 * @param hidden directories that stay unseen though they are in one that is shown; the testbed's own is one of them anyhow
 */
public record HostFiles(List<Path> shown, List<Path> hidden) {
    /** Nothing more. */
    public static final HostFiles NONE = new HostFiles(List.of(), List.of());

    /** @throws IllegalArgumentException if a directory is not an absolute path, or is the host's root */
    public HostFiles {
        shown = List.copyOf(shown);
        hidden = List.copyOf(hidden);
        for (Path path : shown) {
            if (!path.isAbsolute() || path.normalize().getNameCount() == 0) {
                throw new IllegalArgumentException("guests cannot be shown " + path);
            }
        }
    }
}
