package dev.scc.job.node;

import dev.scc.host.libc.FileRights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whom the processes of a job run as on this node. */
sealed interface JobUser {

    /** The words that make {@code scc-exec} start a process as this user. */
    List<String> words();

    /** What its processes find in their environment about themselves. */
    Map<String, String> environment();

    /** Who owns the job's files, and with whose rights other files are looked at; empty for this process itself. */
    Optional<FileRights> rights();

    /** An account of this node, without capabilities. */
    record Account(String name, FileRights ids, String home) implements JobUser {
        @Override
        public List<String> words() {
            String groups = ids.groups().stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
            return List.of(
                    "-u",
                    Integer.toUnsignedString(ids.uid()) + ":" + Integer.toUnsignedString(ids.gid()) + ":" + groups);
        }

        /** A shell, because Open MPI wants one and an account may have none. */
        @Override
        public Map<String, String> environment() {
            return Map.of("HOME", home, "USER", name, "LOGNAME", name, "SHELL", "/bin/sh");
        }

        @Override
        public Optional<FileRights> rights() {
            return Optional.of(ids);
        }
    }

    /** As this process does: as root, or as whoever runs an agent that is not root and can become nobody else. */
    record Same() implements JobUser {
        @Override
        public List<String> words() {
            return List.of();
        }

        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public Optional<FileRights> rights() {
            return Optional.empty();
        }
    }
}
