package dev.scc.job.keeper;

import dev.scc.host.Ipv4;
import dev.scc.host.command.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which process listens where another one wants to, as /proc shows it (proc(5): {@code net/tcp}, {@code PID/fd}). */
final class PortHolder {
    private static final String LISTENS = "0A";

    private PortHolder() {}

    /** Such as {@code process 4711 (nginx)}; empty if none is seen, or it cannot be looked at. */
    static Optional<String> of(NetworkNamespace network, Ipv4 address, int port) {
        try {
            Set<String> sockets = network.inside(() -> listeningOn(address, port));
            return sockets.isEmpty() ? Optional.empty() : processWith(sockets);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** As the links in /proc/PID/fd have them. */
    private static Set<String> listeningOn(Ipv4 address, int port) throws IOException {
        Set<String> taken = inTheWayOf(address, port);
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/net", table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > 9 && fields[3].equals(LISTENS) && taken.contains(fields[1])) {
                    sockets.add("socket:[" + fields[9] + "]");
                }
            }
        }
        return sockets;
    }

    /** The local addresses of sockets, that one's and those for all addresses, as both tables have them. */
    private static Set<String> inTheWayOf(Ipv4 address, int port) {
        String mapped = word(0) + word(0) + word(0xFFFF);
        String any = word(0);
        return Stream.of(word(address.bits()), mapped + word(address.bits()), any, mapped + any, any + any + any + any)
                .map(local -> local + ":%04X".formatted(port))
                .collect(Collectors.toSet());
    }

    /** 32 bits of an address, which the kernel prints in the machine's order. */
    private static String word(int bits) {
        return "%08X".formatted(ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? bits : Integer.reverseBytes(bits));
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
