package dev.scc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No library is older than the versions that are known to be good; without a network. */
class MinimumVersionsTest {
    private static final Pattern JAR = Pattern.compile("(.+?)-([0-9][0-9.]*)[^/]*\\.jar");

    /** A library as the class path has it. */
    private record Library(String name, String version) {}

    /** A line of the file. */
    private record Minimum(String name, String version, String why) {
        boolean isFor(Library library) {
            return name.endsWith("*")
                    ? library.name().startsWith(name.substring(0, name.length() - 1))
                    : library.name().equals(name);
        }
    }

    private static List<Library> libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> JAR.matcher(new File(path).getName()))
                .filter(Matcher::matches)
                .map(jar -> new Library(jar.group(1), jar.group(2)))
                .toList();
    }

    private static List<Minimum> minimums() throws IOException {
        try (InputStream in = MinimumVersionsTest.class.getResourceAsStream("/minimum-versions.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" +", 3))
                    .map(words -> new Minimum(words[0], words[1], words[2]))
                    .toList();
        }
    }

    private static boolean older(String version, String than) {
        int[] one = numbers(version);
        int[] other = numbers(than);
        int length = Math.max(one.length, other.length);
        return Arrays.compare(Arrays.copyOf(one, length), Arrays.copyOf(other, length)) < 0;
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\."))
                .filter(part -> !part.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    @Test
    void noLibraryIsOlderThanIsAccepted() throws Exception {
        List<Library> libraries = libraries();
        for (Minimum minimum : minimums()) {
            List<Library> those = libraries.stream().filter(minimum::isFor).toList();
            assertThat(those)
                    .as("%s: there is none; mend the file", minimum.name())
                    .isNotEmpty();
            assertThat(those)
                    .as("at least %s, because of: %s", minimum.version(), minimum.why())
                    .noneMatch(library -> older(library.version(), minimum.version()));
        }
    }

    @Test
    void versionsAreComparedByTheirNumbers() {
        assertThat(older("4.1.9", "4.1.125")).isTrue();
        assertThat(older("1.1.10.4", "1.1.10")).isFalse();
        assertThat(older("33.4.8", "32.0.0")).isFalse();
        assertThat(older("2.1", "2.1.0")).isFalse();
    }
}
