package dev.scc.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;

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
                new Trial.Wish(
                        count,
                        seed,
                        1,
                        count,
                        "",
                        seeds,
                        false,
                        Duration.ofSeconds(10),
                        2,
                        false,
                        BUILT.resolve("mutants")),
                System.err::println);
    }

    @Test
    void everyMutantIsAClassThatJavaAccepts() throws Exception {
        for (Mutant mutant : trial(400, 5, 0).mutants()) {
            byte[] changed = ClassSurgery.with(mutant);

            assertThat(changed).as(mutant.toString()).isNotEqualTo(ClassSurgery.read(mutant.type()));
            assertThat(new Strict().objection(mutant.type(), changed))
                    .as(mutant.toString())
                    .isEmpty();
        }
    }

    @Test
    void theSameSeedMakesTheSameMutants() throws Exception {
        assertThat(trial(50, 5, 0).mutants())
                .hasSize(50)
                .isEqualTo(trial(50, 5, 0).mutants())
                .isNotEqualTo(trial(50, 6, 0).mutants());
    }

    /** Has Java verify a class, though nobody uses it. */
    private static final class Strict extends ClassLoader {
        String objection(String type, byte[] code) {
            try {
                // This links it.
                return defineClass(type, code, 0, code.length).getDeclaredMethods().length < 0 ? "?" : "";
            } catch (ClassFormatError | VerifyError e) {
                return e.toString();
            } catch (IncompatibleClassChangeError e) {
                // What it extends is sealed, and of another loader.
                return "";
            }
        }
    }
}
