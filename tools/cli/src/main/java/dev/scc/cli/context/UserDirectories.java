package dev.scc.cli.context;

import java.nio.file.Path;

/**
 * Where this user's configuration, state and cache are. The launcher script decides ({@code bin/user.sh}), because it has to
 * know before java starts, and hands the three over.
 */
public final class UserDirectories {
    private UserDirectories() {}

    /** What the user has written, or had written: the contexts. */
    public static Path config() {
        return fromLauncher("scc.config");
    }

    /** What has to survive from one command to the next: testbeds, and reports of defects. */
    public static Path state() {
        return fromLauncher("scc.state");
    }

    /** What can be fetched again: kernels for guests. */
    public static Path cache() {
        return fromLauncher("scc.cache");
    }

    private static Path fromLauncher(String property) {
        String directory = System.getProperty(property, "");
        if (directory.isEmpty()) {
            throw new IllegalStateException(property + " is not set: start scc with its launcher, bin/scc");
        }
        return Path.of(directory);
    }
}
