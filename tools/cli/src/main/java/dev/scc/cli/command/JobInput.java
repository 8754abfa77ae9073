package dev.scc.cli.command;

import dev.scc.cli.render.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The standard input of this command, for its job. */
final class JobInput {
    /** Fields of /proc/self/stat behind the command's name, see proc(5): process group and the terminal's foreground group. */
    private static final int GROUP = 2;

    private static final int FOREGROUND = 5;

    private JobInput() {}

    /** Nothing, where to read would stop us: a shell's background job that reads its terminal gets SIGTTIN. */
    static InputStream stream() {
        return Terminal.inputIsOne() && inBackground() ? InputStream.nullInputStream() : System.in;
    }

    private static boolean inBackground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return !fields[GROUP].equals(fields[FOREGROUND]);
        } catch (IOException e) {
            return true;
        }
    }
}
