package dev.scc.cli.acceptance;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a process of a testbed listens, found in what the kernel shows of it: no list of ports is asked.
 *
 * @param daemon the command of scc that it runs
 * @param namespace by the name that {@code ip netns} knows; empty for this machine's own
 */
record ListeningPort(String daemon, Optional<String> namespace, InetSocketAddress address) {
    private static final String LISTENS = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int HEX = 16;
    private static final int WORD = 8;
    private static final Pattern SOCKET = Pattern.compile("socket:\\[([0-9]+)]");

    /** All of all processes that work in the testbed's directory. */
    static List<ListeningPort> of(OwnTestbed testbed) throws IOException, CommandFailed {
        Map<String, String> owners = new HashMap<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            List<String> argv = ServerProcess.argv(process.pid());
            if (argv.stream().anyMatch(word -> word.startsWith(testbed.scc().home() + "/"))) {
                sockets(process.pid()).forEach(inode -> owners.put(inode, daemon(argv)));
            }
        }
        List<ListeningPort> all =
                new ArrayList<>(read(owners, Optional.empty(), List.of("cat", "/proc/net/tcp", "/proc/net/tcp6")));
        try (Stream<Path> namespaces = Files.list(Path.of("/run/netns"))) {
            for (Path file : (Iterable<Path>) namespaces::iterator) {
                String name = file.getFileName().toString();
                if (name.startsWith(testbed.name())) {
                    all.addAll(read(
                            owners,
                            Optional.of(name),
                            List.of("ip", "netns", "exec", name, "cat", "/proc/net/tcp", "/proc/net/tcp6")));
                }
            }
        }
        return all;
    }

    private static String daemon(List<String> argv) {
        return Stream.of("server", "agents", "keeper")
                .filter(argv::contains)
                .findFirst()
                .orElse("another");
    }

    private static List<String> sockets(long pid) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            List<String> inodes = new ArrayList<>();
            for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
                Matcher matcher =
                        SOCKET.matcher(Files.readSymbolicLink(descriptor).toString());
                if (matcher.matches()) {
                    inodes.add(matcher.group(1));
                }
            }
            return inodes;
        } catch (IOException e) {
            return List.of(); // It has ended meanwhile, or closed one.
        }
    }

    private static List<ListeningPort> read(Map<String, String> owners, Optional<String> namespace, List<String> argv)
            throws IOException, CommandFailed {
        List<ListeningPort> found = new ArrayList<>();
        for (String line : new LocalCommands().check(Command.of(argv)).lines().toList()) {
            String[] words = line.strip().split(" +", -1);
            if (words.length > INODE && words[STATE].equals(LISTENS) && owners.containsKey(words[INODE])) {
                found.add(new ListeningPort(owners.get(words[INODE]), namespace, address(words[LOCAL])));
            }
        }
        return found;
    }

    /** As the kernel writes it on machines that have the last byte first: words of four bytes, then the port. */
    private static InetSocketAddress address(String text) throws UnknownHostException {
        String[] parts = text.split(":", -1);
        ByteBuffer bytes = ByteBuffer.allocate(parts[0].length() / 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < parts[0].length(); at += WORD) {
            bytes.putInt(Integer.parseUnsignedInt(parts[0].substring(at, at + WORD), HEX));
        }
        return new InetSocketAddress(InetAddress.getByAddress(bytes.array()), Integer.parseInt(parts[1], HEX));
    }

    /** A connection to it, from where it is. */
    Socket connect() throws IOException, InterruptedException {
        InetAddress to =
                address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
        NetworkNamespace from = namespace.map(NetworkNamespace::named).orElseGet(NetworkNamespace::own);
        return from.inside(() -> new Socket(to, address.getPort()));
    }
}
