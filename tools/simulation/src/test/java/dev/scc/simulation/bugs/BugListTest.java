package dev.scc.simulation.bugs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BugListTest {
    private static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    @Test
    void everyPlantedBugStillFitsItsSourceAndCompiles() throws Exception {
        List<Bug> bugs = BugList.read(REPOSITORY);
        List<String> wrong = new ArrayList<>();

        try (Workshop workshop = new Workshop(REPOSITORY, System.getProperty("java.class.path"))) {
            for (Bug bug : bugs) {
                try {
                    workshop.make(bug, directory.resolve(bug.name()));
                    assertThat(directory.resolve(bug.name())).isNotEmptyDirectory();
                } catch (IllegalArgumentException e) {
                    wrong.add(e.getMessage());
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(bugs).hasSizeGreaterThanOrEqualTo(30);
        assertThat(bugs).allSatisfy(bug -> assertThat(bug.breaks()).isNotBlank());
    }

    @Test
    void aPassageIsFoundHoweverItIsBrokenIntoLines() {
        Bug bug = new Bug("a-bug", "it", "A.java", List.of(new Bug.Edit("a(b,\n  c);", "d();")));

        assertThat(bug.plant("x();\n        a(b, c);\n")).isEqualTo("x();\n        d();\n");
    }

    @Test
    void aPassageThatIsNotThereOrTwiceIsSaid() {
        Bug bug = new Bug("a-bug", "it", "A.java", List.of(new Bug.Edit("a();", "")));

        for (String source : List.of("b();", "a(); a();")) {
            assertThatThrownBy(() -> bug.plant(source))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("planted bug a-bug: not exactly once in A.java: a();");
        }
    }

    @Test
    void theSourcesStayAsTheyAre() throws Exception {
        Bug bug = BugList.read(REPOSITORY).getFirst();
        String before = Files.readString(REPOSITORY.resolve(bug.file()));

        try (Workshop workshop = new Workshop(REPOSITORY, System.getProperty("java.class.path"))) {
            workshop.make(bug, directory);
        }

        assertThat(Files.readString(REPOSITORY.resolve(bug.file()))).isEqualTo(before);
    }
}
