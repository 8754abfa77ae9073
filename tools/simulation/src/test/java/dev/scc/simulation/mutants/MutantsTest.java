package dev.scc.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MutantsTest {
    private static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path BUILT = REPOSITORY.resolve("cluster-builder").resolve("target");

    @TempDir
    Path kept;

    private Trial trial(int count, long seed) throws Exception {
        return trial(count, seed, "", 0);
    }

    private Trial trial(int count, long seed, String only, int seeds) throws Exception {
        return new Trial(
                new Scope(BUILT.resolve("classes"), BUILT.resolve("test-classes")),
                Equivalents.read(REPOSITORY),
                new Trial.Wish(count, seed, 1, count, only, seeds, false, Duration.ofSeconds(3), 1, false, kept),
                System.err::println);
    }

    @Test
    void everyMutantIsAClassThatJavaAccepts() throws Exception {
        for (Mutant mutant : trial(400, 5).mutants()) {
            byte[] changed = ClassSurgery.with(mutant);

            assertThat(changed).as(mutant.toString()).isNotEqualTo(ClassSurgery.read(mutant.type()));
            assertThat(new Strict().objection(mutant.type(), changed))
                    .as(mutant.toString())
                    .isEmpty();
        }
    }

    @Test
    void theSameSeedMakesTheSameMutants() throws Exception {
        assertThat(trial(50, 5).mutants())
                .hasSize(50)
                .isEqualTo(trial(50, 5).mutants())
                .isNotEqualTo(trial(50, 6).mutants());
    }

    /** Nobody would see a difference. */
    @Test
    void whatReturnsNothingAlreadyIsNotMadeToReturnNothing() throws Exception {
        Equivalents equivalents = Equivalents.read(REPOSITORY);

        assertThat(trial(Integer.MAX_VALUE, 1).mutants())
                .filteredOn(mutant -> mutant.operator() == Operator.DEFAULT_RETURNED)
                .isNotEmpty()
                .noneMatch(
                        mutant -> equivalents.code(mutant).matches("return (Optional.empty|(List|Map|Set).of)\\(\\);"));
    }

    /** Which mutants these are changes with the code, and now and then one survives: most of them must not. */
    @Test
    @Timeout(1200)
    void mostOfASampleOfPlannersMutantsDie() throws Exception {
        List<Trial.Fate> fates = trial(20, 1, "plan", 40).run();

        assertThat(fates).hasSize(20);
        assertThat(fates)
                .as("survivors: %s", fates.stream().filter(fate -> !fate.died()).toList())
                .filteredOn(Trial.Fate::died)
                .hasSizeGreaterThanOrEqualTo(14);
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
