package dev.scc.fabric.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.host.NodeName;
import dev.scc.host.net.Surroundings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactsReaderTest {
    @TempDir
    Path directory;

    /** GIDs and interfaces are read one after the other, and a segment's link may come or go in between. */
    @Test
    void aLinkThatWasNotThereYetIsLookedForAgainBeforeItsGidIsSaidToBeForeign() throws Exception {
        assertThat(rulesWhen(2)).doesNotContain("gid-namespace");
    }

    @Test
    void aLinkThatIsNotThereIsElsewhere() throws Exception {
        assertThat(rulesWhen(Integer.MAX_VALUE)).contains("gid-namespace");
    }

    /** @param there from which reading of the interfaces on the GIDs' links are there */
    private List<String> rulesWhen(int there) throws Exception {
        NodeFacts whole = new CapturedNode("rxe.tree", directory).facts("n1");
        List<Surroundings.Interface> all = whole.netdevs().stream()
                .map(one -> new Surroundings.Interface(
                        one.name(), false, "02:00:00:00:00:01", one.mtu(), one.state(), one.addresses()))
                .toList();
        AtomicInteger reading = new AtomicInteger();
        FactsReader reader = new FactsReader(
                () -> new Surroundings(
                        reading.incrementAndGet() >= there
                                ? all
                                : all.stream()
                                        .filter(one -> !one.name().contains("."))
                                        .toList(),
                        List.of()),
                directory.toRealPath(),
                Optional.of(new RdmaSysfs(directory.toRealPath())),
                () -> "",
                Optional.empty(),
                Duration.ZERO);
        NodeFacts facts = reader.read(new NodeName("n1"), Optional.empty());
        return Doctor.examine(List.of(facts), Set.of()).stream()
                .map(Finding::rule)
                .toList();
    }
}
