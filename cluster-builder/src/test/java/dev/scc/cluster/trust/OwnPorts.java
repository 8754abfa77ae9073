package dev.scc.cluster.trust;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The TCP ports that this process listens on, as the kernel says: what listens and is in no list is found too. */
final class OwnPorts {
    private static final String LISTENS = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private OwnPorts() {}

    static Set<Integer> listening() throws IOException {
        Set<String> sockets = sockets();
        Set<Integer> ports = new TreeSet<>();
        for (String table : new String[] {"tcp", "tcp6"}) {
            for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
                String[] fields = line.trim().split("\\s+", -1);
                if (fields[STATE].equals(LISTENS) && sockets.contains("socket:[" + fields[INODE] + "]")) {
                    ports.add(Integer.parseInt(fields[LOCAL].substring(fields[LOCAL].indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    private static Set<String> sockets() throws IOException {
        Set<String> sockets = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : open) {
                try {
                    sockets.add(Files.readSymbolicLink(each).toString());
                } catch (IOException e) {
                    // Closed meanwhile.
                }
            }
        }
        return sockets;
    }
}
