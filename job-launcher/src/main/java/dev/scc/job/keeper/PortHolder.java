package dev.scc.job.keeper;

import dev.scc.host.command.NetworkNamespace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which process listens on a port, as /proc shows it (proc(5): {@code net/tcp}, {@code PID/fd}). */
final class PortHolder {
    private static final String LISTENS = "0A";

    private PortHolder() {}

    /** Such as {@code process 4711 (nginx)}; empty if none is seen, or it cannot be looked at. */
    static Optional<String> of(NetworkNamespace network, int port) {
        try {
            Set<String> sockets = network.inside(() -> listeningOn(port));
            return sockets.isEmpty() ? Optional.empty() : processWith(sockets);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** As the links in /proc/PID/fd have them. */
    private static Set<String> listeningOn(int port) throws IOException {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/net", table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > 9 && fields[3].equals(LISTENS) && fields[1].endsWith(":%04X".formatted(port))) {
                    sockets.add("socket:[" + fields[9] + "]");
                }
            }
        }
        return sockets;
    }

    private static Optional<String> processWith(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (has(process, sockets)) {
                    return Optional.of("process " + process.getFileName() + " ("
                            + Files.readString(process.resolve("comm")).strip() + ")");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean has(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(target(descriptor))) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // It has ended, or is not ours to look at.
        }
        return false;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // Closed since.
        }
    }
}
