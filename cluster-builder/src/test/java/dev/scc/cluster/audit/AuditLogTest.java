package dev.scc.cluster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.audit.AuditEntry.Ending;
import dev.scc.cluster.audit.AuditEntry.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final AuditLog.Size SMALL = new AuditLog.Size(2_000, 3);

    @TempDir
    Path directory;

    private Path home() {
        return directory.resolve("audit");
    }

    private AuditLog open(AuditLog.Size size) throws IOException {
        return AuditLog.open(home(), size, InstantSource.system());
    }

    private static Fact fact(int number) {
        return new Fact("user:ada", "10.0.0.1:1", "scc.Server/Ask", "create c" + number, Ending.DONE, "", 0);
    }

    private static void add(AuditLog log, int from, int to) {
        for (int number = from; number <= to; number++) {
            log.add(fact(number));
        }
    }

    private Path file(long first) {
        return new AuditFiles(home()).beginningWith(first);
    }

    private List<String> broken(AuditHead head) throws IOException {
        return AuditChain.check(home(), head).broken();
    }

    @Test
    void whatWasToldIsThereAfterARestartAndTheChainGoesOn() throws Exception {
        try (AuditLog log = open(AuditLog.Size.USUAL)) {
            add(log, 1, 3);
        }
        try (AuditLog log = open(AuditLog.Size.USUAL)) {
            add(log, 4, 5);

            assertThat(log.force().number()).isEqualTo(5);
            assertThat(AuditChain.check(home(), log.force()))
                    .isEqualTo(new AuditChain.Finding(5, 0, List.of(), List.of()));
        }
    }

    @Test
    void nobodyElseMayReadIt() throws Exception {
        try (AuditLog log = open(SMALL)) {
            add(log, 1, 1);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(1))))
                .isEqualTo("rw-------");
    }

    @Test
    void theOldestFilesGoAndWhatIsKeptIsStillOneChain() throws Exception {
        try (AuditLog log = open(SMALL)) {
            add(log, 1, 100);

            AuditHead head = log.force();
            assertThat(new AuditFiles(home()).all()).hasSize(3);
            assertThat(head.oldest()).isGreaterThan(50);
            assertThat(AuditChain.check(home(), head))
                    .isEqualTo(new AuditChain.Finding(101 - head.oldest(), 0, List.of(), List.of()));

            Files.delete(file(head.oldest()));
            assertThat(broken(head)).hasSize(1).first().asString().contains("after " + (head.oldest() - 1));
        }
    }

    /** Class of hole: traces that are wiped out. */
    @Test
    void whoeverChangesTakesOutOrAddsAnEntryIsFoundOut() throws Exception {
        AuditHead head;
        try (AuditLog log = open(AuditLog.Size.USUAL)) {
            add(log, 1, 10);
            head = log.force();
        }
        List<String> lines = Files.readAllLines(file(1));

        List<String> changed = new ArrayList<>(lines);
        changed.set(4, changed.get(4).replace("user:ada", "user:eve"));
        Files.write(file(1), changed);
        assertThat(broken(head))
                .singleElement()
                .asString()
                .contains("audit-000000000001.jsonl:6: entry 5 before it is not the one");

        List<String> without = new ArrayList<>(lines);
        without.remove(4);
        Files.write(file(1), without);
        assertThat(broken(head)).singleElement().asString().contains("jsonl:5: this is entry 6, after 4");

        List<String> twice = new ArrayList<>(lines);
        twice.add(4, lines.get(4));
        Files.write(file(1), twice);
        assertThat(broken(head)).isNotEmpty();

        Files.write(file(1), lines.subList(0, 7));
        assertThat(broken(head)).singleElement().asString().contains("noted in the tree, 10, is not there");

        List<String> nonsense = new ArrayList<>(lines);
        nonsense.set(2, "{");
        Files.write(file(1), nonsense);
        assertThat(broken(head)).first().asString().contains("jsonl:3: no entry");

        Files.write(file(1), lines);
        assertThat(broken(head)).isEmpty();
    }

    @Test
    void aLineThatAPowerCutHasLeftHalfWrittenIsNoneAndTheNextOneTakesItsPlace() throws Exception {
        try (AuditLog log = open(AuditLog.Size.USUAL)) {
            add(log, 1, 3);
        }
        Files.writeString(file(1), "{\"number\":4,\"at\":", StandardOpenOption.APPEND);

        try (AuditLog log = open(AuditLog.Size.USUAL)) {
            assertThat(broken(log.force())).isEmpty();
            add(log, 4, 4);
            assertThat(AuditChain.check(home(), log.force()).entries()).isEqualTo(4);
            assertThat(broken(log.force())).isEmpty();
        }
    }

    @Test
    void whatAFullDiskHasNotTakenIsCountedAndTheCountIsTheNextEntry() throws Exception {
        Files.createDirectories(home());
        Files.createSymbolicLink(file(1), Path.of("/dev/full"));
        try (AuditLog log = open(AuditLog.Size.USUAL)) {
            add(log, 1, 3);
            assertThat(log.recent()).isEmpty();

            Files.delete(file(1));
            add(log, 4, 4);

            assertThat(log.recent()).extracting(entry -> entry.fact().about()).containsExactly("", "create c4");
            assertThat(log.recent().getFirst().fact())
                    .satisfies(fact -> assertThat(fact.leftOut()).isEqualTo(3))
                    .satisfies(fact -> assertThat(fact.why()).contains("3 entries could not be written"));
            assertThat(broken(log.force())).isEmpty();
        }
    }

    /** Class of hole: a trace that whoever leaves it can wipe away, here by hanging up (CWE-778). */
    @Test
    void whatACallerHasDoneIsToldThoughHeHasHungUp() throws Exception {
        try (AuditLog log = open(AuditLog.Size.USUAL)) {
            add(log, 1, 1);
            Thread.currentThread().interrupt();
            add(log, 2, 2);
            assertThat(Thread.interrupted()).isTrue();
            add(log, 3, 3);

            assertThat(log.recent())
                    .extracting(entry -> entry.fact().about())
                    .containsExactly("create c1", "create c2", "create c3");
            assertThat(broken(log.force())).isEmpty();
        }
    }

    @Test
    void textsAreCut() throws Exception {
        try (AuditLog log = open(AuditLog.Size.USUAL)) {
            log.add(new Fact("x".repeat(9_000), "", "", "y".repeat(9_000), Ending.FAILED, "z".repeat(9_000), 0));
        }

        assertThat(Files.size(file(1))).isLessThan(1_500);
    }
}
