package dev.scc.cluster.agent;

import dev.scc.host.HostsFile;
import dev.scc.host.Ip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files of host names. Those of a machine's own programs are lines in its {@code /etc/hosts}; {@code ip netns exec NAME} puts
 * {@code /etc/netns/NAME/hosts} in the place of that for programs in namespace NAME (ip-netns(8)). Not thread-safe.
 */
public final class KernelNames implements NodeNames {
    private static final Path HOSTS = Path.of("/etc/hosts");
    private static final Path NAMESPACES = Path.of("/etc/netns");
    private static final String FILE = "hosts";
    private static final String OURSELVES = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";

    private final HostsFile own;
    /** Whether the node's file has all that its programs are to find, because they see no other. */
    private final boolean complete;

    private final String mark;
    private final Places places;
    /** Namespaces that may have a file with lines of ours; empty before it was looked for some. */
    private Optional<Set<String>> known = Optional.empty();

    /**
     * Where the files are.
     *
     * @param hosts what everybody on the machine finds
     * @param namespaces has a directory for each namespace that has files of its own
     */
    record Places(Path hosts, Path namespaces) {
        private static final Places OF_LINUX = new Places(HOSTS, NAMESPACES);

        private Path file(String namespace) {
            return namespaces.resolve(namespace).resolve(FILE);
        }
    }

    private KernelNames(HostsFile own, boolean complete, String mark, Places places) {
        this.own = own;
        this.complete = complete;
        this.mark = mark;
        this.places = places;
    }

    /**
     * Those of this machine.
     *
     * @param identity whose agent keeps them
     * @param hosts such as {@code /etc/hosts}
     */
    public static KernelNames ofMachine(Identity identity, Path hosts) {
        return ofMachine(identity, hosts, Places.OF_LINUX);
    }

    static KernelNames ofMachine(Identity identity, Path hosts, Places places) {
        // Lines that an agent with another data directory has left are replaced too: a machine has one agent.
        HostsFile own = new HostsFile(hosts, "names of clusters and ENIs", false);
        return new KernelNames(own, false, mark(identity), places);
    }

    /** Those of a node that is a network namespace of this machine. */
    public static KernelNames ofNamespace(Identity identity, String namespace) {
        return ofNamespace(identity, namespace, Places.OF_LINUX);
    }

    static KernelNames ofNamespace(Identity identity, String namespace, Places places) {
        String mark = mark(identity);
        return new KernelNames(new HostsFile(places.file(namespace), mark, true), true, mark, places);
    }

    private static String mark(Identity identity) {
        return "node " + identity.node() + ", " + identity.instance();
    }

    @Override
    public void keep(KnownNames names) throws IOException {
        own.keep((complete ? machines() : "") + lines(names.here()));
        Set<String> namespaces = known.isPresent() ? known.get() : found();
        known = Optional.of(namespaces);
        for (var each : names.elsewhere().entrySet()) {
            namespaces.add(each.getKey());
            of(each.getKey()).keep(OURSELVES + lines(each.getValue()));
        }
        for (String gone : Set.copyOf(namespaces)) {
            if (!names.elsewhere().containsKey(gone)) {
                of(gone).keep("");
                removeIfEmpty(places.namespaces().resolve(gone));
                namespaces.remove(gone);
            }
        }
    }

    private HostsFile of(String namespace) {
        return new HostsFile(places.file(namespace), mark, true);
    }

    /** What everybody on this machine finds. */
    private String machines() throws IOException {
        try {
            String text = new String(Files.readAllBytes(places.hosts()), StandardCharsets.ISO_8859_1);
            return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
        } catch (NoSuchFileException e) {
            return OURSELVES;
        }
    }

    /** Namespaces with lines that an earlier process has left. */
    private Set<String> found() throws IOException {
        Set<String> found = new TreeSet<>();
        if (!Files.isDirectory(places.namespaces())) {
            return found;
        }
        try (Stream<Path> all = Files.list(places.namespaces())) {
            for (Path each : (Iterable<Path>) all::iterator) {
                String name = each.getFileName().toString();
                if (Files.isDirectory(each) && !places.file(name).equals(own.file()) && of(name).isKept()) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    private void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
            Files.deleteIfExists(places.namespaces());
        } catch (DirectoryNotEmptyException e) {
            // Somebody else has something there.
        }
    }

    private static String lines(SortedMap<String, List<Ip>> names) {
        return names.entrySet().stream()
                .flatMap(name -> name.getValue().stream().map(address -> address + " " + name.getKey() + "\n"))
                .collect(Collectors.joining());
    }
}
