package dev.scc.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MutantsTest {
    private static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path BUILT = REPOSITORY.resolve("cluster-builder").resolve("target");

    private static Trial trial(int count, long seed, int seeds) throws Exception {
        return new Trial(
                new Scope(BUILT.resolve("classes"), BUILT.resolve("test-classes")),
                Equivalents.read(REPOSITORY),
                new Trial.Wish(count, seed, "", seeds, false, 2, Duration.ofSeconds(30)),
                System.err::println);
    }

    @Test
    void everyMutantIsAClassThatJavaAccepts() throws Exception {
        for (Mutant mutant : trial(400, 5, 0).mutants()) {
            byte[] changed = ClassSurgery.with(mutant);

            assertThat(ClassFile.of().verify(changed)).as(mutant.toString()).isEmpty();
            assertThat(changed).as(mutant.toString()).isNotEqualTo(ClassSurgery.read(mutant.type()));
        }
    }

    @Test
    void theSameSeedMakesTheSameMutants() throws Exception {
        assertThat(trial(50, 5, 0).mutants())
                .hasSize(50)
                .isEqualTo(trial(50, 5, 0).mutants())
                .isNotEqualTo(trial(50, 6, 0).mutants());
    }
}
