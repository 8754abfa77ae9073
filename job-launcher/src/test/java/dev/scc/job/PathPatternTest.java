package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "out/*.csv out/a.csv true",
                "out/*.csv out/deep/a.csv false",
                "out/** out/deep/a.csv true",
                "**.log a.log true",
                "**.log deep/er/a.log true",
                "**/a.log a.log false",
                "rank-?/out rank-7/out true",
                "a?b a/b false",
                "{out,err}/*.txt err/1.txt true",
                "{out,err}/*.txt log/1.txt false",
                "[!a-c]x dx true",
                "[!a-c]x bx false",
                "a[!b]c a/c false",
                "a\\*b a*b true",
                "a\\*b axb false",
                "[-a]* -x true"
            })
    void aPathIsAsThePatternSaysOrNot(String glob, String path, boolean matches) {
        assertThat(PathPattern.of(glob).matches(path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a", "[b-a]", "[a/b]", "{a", "{a{b}}", "a\\", "[^-a]", "[a-", "[]a]", "[!]"})
    void whatIsNoPatternIsRefusedWithItsText(String glob) {
        assertThatThrownBy(() -> PathPattern.of(glob))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + glob + "\" is no pattern of paths: ");
    }

    /** Class of hole: a pattern that takes longer than anybody waits. */
    @Test
    void aPatternOfManyStarsTakesAsManyStepsAtMostAsItHasPartsForEachCharacter() {
        String path = "a".repeat(4_000) + "/" + "a".repeat(200);
        for (String part : new String[] {"*a", "**a", "*?", "**?*", "{a,*,**,aa}", "{*a,**a}"}) {
            String glob = part.repeat(1_000 / part.length()) + "b";
            PathPattern pattern = PathPattern.of(glob);

            assertThat(pattern.matches(path)).as(glob).isFalse();
            assertThat(pattern.steps(path)).as(glob).isLessThan(4L * (glob.length() + 1) * (path.length() + 1));
        }
    }

    /** Both are told the same of whatever there may be. */
    @Test
    void allIsAsTheMatcherOfTheLibraryHasIt() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int matched = 0;
        for (int i = 0; i < 40_000; i++) {
            String glob = text(random, "ab/**?[]{},!-^\\", 1 + random.nextInt(9));
            String path = text(random, "aabb/-,^!", 1 + random.nextInt(7))
                    .replaceAll("/+", "/")
                    .replaceAll("^/|/$", "");
            if (glob.contains("[]") || glob.contains("[!]") || glob.contains("-[") || glob.contains("-\\")) {
                continue; // The library makes a regular expression of these that says something else.
            }
            String what = "seed " + seed + ": " + glob + " on " + path;
            boolean expected;
            try {
                expected =
                        FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(path));
            } catch (PatternSyntaxException e) {
                assertThat(isPattern(glob)).as(what).isFalse();
                continue;
            }
            assertThat(PathPattern.of(glob).matches(path)).as(what).isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).as("seed " + seed).isGreaterThan(100);
    }

    private static boolean isPattern(String glob) {
        try {
            return PathPattern.of(glob) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String text(Random random, String letters, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
