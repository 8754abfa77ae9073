package dev.scc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of classes of holes, and the tests that it names. */
class SecurityTableTest {
    private static final int CLASSES_AT_LEAST = 25;
    private static final Pattern NAMED = Pattern.compile("`([A-Za-z]+)\\.([A-Za-z0-9]+)`");

    /** A comment that names a class, and the test after it. */
    private static final Pattern MARKED =
            Pattern.compile("Class of hole: (?:(?!\\*/).)*\\*/\\s*(?:@[^\\n]*\\n\\s*)+void (\\w+)\\(", Pattern.DOTALL);

    /** {@code Class.method} of all tests that say of what class of holes they are. */
    private static Set<String> marked(Path root) throws IOException {
        Set<String> all = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(SecurityTableTest::isTest)::iterator) {
                String name = String.valueOf(file.getFileName()).replace(".java", "");
                Matcher matcher = MARKED.matcher(Files.readString(file));
                while (matcher.find()) {
                    all.add(name + "." + matcher.group(1));
                }
            }
        }
        return all;
    }

    private static boolean isTest(Path file) {
        String path = file.toString();
        return path.contains("/src/test/java/")
                && !path.contains("/target/")
                && (path.endsWith("Test.java") || path.endsWith("IT.java"));
    }

    @Test
    void everyClassHasTestsThatAreThereAndNoTestIsMissing() throws Exception {
        Path root = Path.of("../..").toAbsolutePath().normalize();
        List<String> rows = Files.readAllLines(root.resolve("docs/security.md")).stream()
                .filter(line -> NAMED.matcher(line).find() && line.startsWith("| "))
                .toList();
        Set<String> named = rows.stream()
                .flatMap(row -> NAMED.matcher(row).results())
                .map(found -> found.group(1) + "." + found.group(2))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(rows).hasSizeGreaterThanOrEqualTo(CLASSES_AT_LEAST);
        assertThat(rows.stream().map(row -> row.split("\\|", -1)[1])).doesNotHaveDuplicates();
        assertThat(named).isEqualTo(marked(root));
    }
}
