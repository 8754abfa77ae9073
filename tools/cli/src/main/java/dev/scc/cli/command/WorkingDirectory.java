package dev.scc.cli.command;

import dev.scc.host.libc.KernelText;
import dev.scc.host.libc.OwnProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The directory that this command was started in. */
final class WorkingDirectory {
    private WorkingDirectory() {}

    /**
     * Its name as the shell had it, byte for byte; what Java says of it has been through the locale.
     *
     * @throws IOException if /proc does not show this process
     */
    static String text() throws IOException {
        String own = Path.of("").toAbsolutePath().toString();
        String shells = OwnProcess.environment().getOrDefault("PWD", own);
        return isThis(shells) ? shells : own;
    }

    private static boolean isThis(String directory) throws IOException {
        if (!KernelText.isPlain(directory)) {
            return true; // Java cannot name it; the launcher is a shell, and that has it right.
        }
        try {
            Path path = Path.of(directory);
            return path.isAbsolute() && Files.isDirectory(path) && Files.isSameFile(path, Path.of("/proc/self/cwd"));
        } catch (InvalidPathException e) {
            return true; // The same in this locale.
        }
    }
}
