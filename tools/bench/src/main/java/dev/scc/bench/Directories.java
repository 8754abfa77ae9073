package dev.scc.bench;

import dev.scc.host.FileTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** What processes need before they start: an empty directory, a free port. */
final class Directories {
    private Directories() {}

    /** Made, or emptied. */
    static Path fresh(Path directory) throws IOException {
        FileTree.remove(directory);
        return Files.createDirectories(directory);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
