package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelNamesTest {
    private static final Identity IDENTITY =
            new Identity(new NodeName("n1"), "instance", Ipv4.parse("10.99.0.11"), "", "eth1", "test");
    private static final String OURSELVES = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
    private static final SortedMap<String, List<Ip>> DEMO = new TreeMap<>(Map.of(
            "n1.demo", List.of(Ip.parse("172.16.0.1")),
            "n2.demo", List.of(Ip.parse("172.16.0.2"), Ip.parse("fd00:16::2"))));
    private static final String LINES = "172.16.0.1 n1.demo\n172.16.0.2 n2.demo\nfd00:16::2 n2.demo\n";
    private static final KnownNames NONE = new KnownNames(new TreeMap<>(), new TreeMap<>());

    @TempDir
    Path directory;

    private Path hosts;
    private Path namespaces;
    private KernelNames names;

    @BeforeEach
    void start() throws IOException {
        hosts = directory.resolve("hosts");
        namespaces = directory.resolve("netns");
        Files.writeString(hosts, "10.0.0.1 gateway\n");
        names = ofMachine();
    }

    private KernelNames ofMachine() {
        return KernelNames.ofMachine(IDENTITY, hosts, new KernelNames.Places(hosts, namespaces));
    }

    private KernelNames ofNamespace(String namespace) {
        return KernelNames.ofNamespace(IDENTITY, namespace, new KernelNames.Places(hosts, namespaces));
    }

    private Path file(String namespace) {
        return namespaces.resolve(namespace).resolve("hosts");
    }

    private static KnownNames here(SortedMap<String, List<Ip>> here) {
        return new KnownNames(here, new TreeMap<>());
    }

    private static KnownNames in(String... namespaces) {
        SortedMap<String, SortedMap<String, List<Ip>>> elsewhere = new TreeMap<>();
        for (String namespace : namespaces) {
            elsewhere.put(namespace, DEMO);
        }
        return new KnownNames(new TreeMap<>(), elsewhere);
    }

    @Test
    void namesStandInTheMachinesFileBesideItsOwnAndGoAgain() throws Exception {
        names.keep(here(DEMO));
        assertThat(hosts).content().startsWith("10.0.0.1 gateway\n").contains(LINES);

        names.keep(NONE);
        assertThat(hosts).hasContent("10.0.0.1 gateway\n");
        assertThat(namespaces).doesNotExist();
    }

    @Test
    void aNamespaceFindsWhatItIsToKnowAndItselfUntilItsEniIsGone() throws Exception {
        names.keep(in("blue", "red"));
        assertThat(file("blue")).content().contains(OURSELVES + LINES).doesNotContain("gateway");
        assertThat(file("red")).content().contains(OURSELVES + LINES);
        assertThat(hosts).hasContent("10.0.0.1 gateway\n");

        names.keep(in("red"));
        assertThat(file("blue")).doesNotExist();
        assertThat(file("blue").getParent()).doesNotExist();
        assertThat(file("red")).exists();

        names.keep(NONE);
        assertThat(namespaces).doesNotExist();
    }

    @Test
    void whatSomebodyElseHasInANamespaceStays() throws Exception {
        Files.createDirectories(file("blue").getParent());
        Files.writeString(file("blue"), "10.0.0.9 printer\n");
        Path other = Files.createFile(namespaces.resolve("resolv.conf"));

        names.keep(in("blue"));
        assertThat(file("blue")).content().startsWith("10.0.0.9 printer\n").contains(LINES);
        names.keep(NONE);

        assertThat(file("blue")).hasContent("10.0.0.9 printer\n");
        assertThat(other).exists();
    }

    @Test
    void whatAnEarlierProcessHasLeftInNamespacesGoes() throws Exception {
        names.keep(in("blue"));
        Files.createDirectories(namespaces.resolve("empty"));
        Files.createDirectories(file("foreign").getParent());
        Files.writeString(file("foreign"), "10.0.0.9 printer\n");

        ofMachine().keep(NONE);

        assertThat(file("blue")).doesNotExist();
        assertThat(file("foreign")).hasContent("10.0.0.9 printer\n");
        assertThat(namespaces.resolve("empty")).exists();
    }

    /** Its programs see no other file. */
    @Test
    void aNodeThatIsANamespaceFindsWhatTheMachineFindsAndItsNames() throws Exception {
        KernelNames node = ofNamespace("n1");
        node.keep(here(DEMO));
        assertThat(file("n1")).content().contains("10.0.0.1 gateway\n" + LINES);

        Files.writeString(hosts, "10.0.0.1 gateway");
        node.keep(here(DEMO));
        assertThat(file("n1")).content().contains("10.0.0.1 gateway\n" + LINES);
        Files.writeString(hosts, "");
        node.keep(here(DEMO));
        assertThat(file("n1")).content().contains("instance\n" + LINES);
        Files.delete(hosts);
        node.keep(here(DEMO));
        assertThat(file("n1")).content().contains(OURSELVES + LINES);
    }

    /** It is no namespace that an ENI was handed over to. */
    @Test
    void aNodesOwnFileIsNotTakenForOneThatWasLeft() throws Exception {
        ofNamespace("n1").keep(here(DEMO));

        ofNamespace("n1").keep(here(DEMO));

        assertThat(file("n1")).content().contains(LINES);
    }
}
