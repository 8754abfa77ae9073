package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;

/** How a process ended, or why it never was one. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface ProcessEnd {

    /** It ended by itself, or was never there for lack of what it needed: the status that a shell would report. */
    int exitCode();

    /** For a sentence that starts with what ended, such as "rank 1 on n2". */
    String describe(String command);

    default boolean ok() {
        return this instanceof Exited exited && exited.status() == 0;
    }

    /** It ended by itself, with a status of 0 to 255 of its own choice: 137 is not a signal. */
    record Exited(int status) implements ProcessEnd {
        @Override
        public int exitCode() {
            return status;
        }

        @Override
        public String describe(String command) {
            return "ended with exit status " + status;
        }
    }

    /** A signal ended it. */
    record Killed(int signal) implements ProcessEnd {
        private static final Map<Integer, String> NAMES = Map.ofEntries(
                Map.entry(1, "SIGHUP"),
                Map.entry(2, "SIGINT"),
                Map.entry(3, "SIGQUIT"),
                Map.entry(4, "SIGILL (illegal instruction)"),
                Map.entry(5, "SIGTRAP"),
                Map.entry(6, "SIGABRT (abort)"),
                Map.entry(7, "SIGBUS (bus error)"),
                Map.entry(8, "SIGFPE (arithmetic error)"),
                Map.entry(9, "SIGKILL"),
                Map.entry(11, "SIGSEGV (segmentation fault)"),
                Map.entry(13, "SIGPIPE"),
                Map.entry(15, "SIGTERM"));

        @Override
        public int exitCode() {
            return 128 + signal;
        }

        @Override
        public String describe(String command) {
            return "was killed by " + NAMES.getOrDefault(signal, "signal " + signal);
        }
    }

    /** The kernel ended it for want of memory: the job had all that it may have on the node. */
    record OutOfMemory(long most) implements ProcessEnd {
        @Override
        public int exitCode() {
            return 137;
        }

        @Override
        public String describe(String command) {
            return "was killed because the job had used up its " + (most >> 20) + " MiB of memory on the node";
        }
    }

    /** The command could not be executed. */
    record NotExecuted(int errno) implements ProcessEnd {
        @Override
        public int exitCode() {
            return errno == Errno.ENOENT || errno == Errno.ENOTDIR ? 127 : 126;
        }

        @Override
        public String describe(String command) {
            return "could not be started: " + command + ": " + Errno.text(errno);
        }
    }

    /** Its working directory could not be entered. */
    record NoDirectory(int errno) implements ProcessEnd {
        @Override
        public int exitCode() {
            return 125;
        }

        @Override
        public String describe(String command) {
            return "could not be started in its working directory: " + Errno.text(errno);
        }
    }

    /** The node could not prepare the process: its cgroup or session. */
    record NotPrepared(int errno) implements ProcessEnd {
        @Override
        public int exitCode() {
            return 125;
        }

        @Override
        public String describe(String command) {
            return "could not be prepared by the agent: " + Errno.text(errno);
        }
    }
}
