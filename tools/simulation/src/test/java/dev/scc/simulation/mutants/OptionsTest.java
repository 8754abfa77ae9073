package dev.scc.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final Path KEPT = Path.of("kept");

    @Test
    void eachOptionIsTaken() {
        List<String> all = List.of(
                "--count",
                "20",
                "--seed",
                "7",
                "--only",
                "plan",
                "--seeds",
                "40",
                "--quick",
                "--within",
                "120",
                "--range",
                "11..20",
                "--all",
                "--list",
                "--reach",
                "80",
                "--jobs",
                "1");

        Options options = Options.parse(all);

        assertThat(options.wish(KEPT))
                .isEqualTo(new Trial.Wish(20, 7, 11, 20, "plan", 40, false, Duration.ofMinutes(2), 1, true, KEPT));
        assertThat(options.list()).isTrue();
        assertThat(options.reach()).isEqualTo(80);
    }

    @Test
    void whatCannotBeUnderstoodIsNamed() {
        assertRefused("what is \"--sed\"?", "--sed", "7");
        assertRefused("--count needs a value", "--count");
        assertRefused("--jobs is a number, not \"many\"", "--jobs", "many");
        assertRefused("--range is FROM..TO, from 1, not \"0..5\"", "--range", "0..5");
        assertRefused("--range is FROM..TO, from 1, not \"12\"", "--range", "12");
    }

    private static void assertRefused(String why, String... args) {
        assertThatThrownBy(() -> Options.parse(List.of(args)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }
}
