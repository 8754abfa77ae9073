package dev.scc.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds testbeds whose {@code up} or {@code down} was killed, or whose machine was started anew. */
public final class Leftovers {
    private static final String FOLDER = "testbed-";

    private Leftovers() {}

    /**
     * A testbed that is of no use any more. {@link Testbed#down} removes it.
     *
     * @param data its directory
     */
    public record Leftover(TestbedName name, Path data, String why) {}

    /**
     * Those whose data are below {@code home}, one directory {@code testbed-NAME} each, and those of the given names that
     * have left a network namespace only. A namespace that processes live in may be another user's, and is none.
     */
    public static List<Leftover> find(Path home, List<TestbedName> names) throws IOException {
        TreeSet<String> all = new TreeSet<>();
        names.forEach(name -> all.add(name.value()));
        if (Files.isDirectory(home)) {
            try (Stream<Path> folders = Files.list(home)) {
                folders.filter(Files::isDirectory)
                        .map(folder -> folder.getFileName().toString())
                        .filter(folder -> folder.startsWith(FOLDER))
                        .forEach(folder -> all.add(folder.substring(FOLDER.length())));
            }
        }
        List<Leftover> found = new ArrayList<>();
        for (String text : all) {
            Optional<TestbedName> name = TestbedName.parse(text);
            if (name.isPresent()) {
                Path data = folder(home, name.get());
                why(name.get(), data).ifPresent(why -> found.add(new Leftover(name.get(), data, why)));
            }
        }
        return found;
    }

    /** Where the testbed of that name has its data. */
    public static Path folder(Path home, TestbedName name) {
        return home.resolve(FOLDER + name);
    }

    private static Optional<String> why(TestbedName name, Path data) throws IOException {
        Testbed testbed = new Testbed(name, data);
        return switch (testbed.status()) {
            case TestbedStatus.Leftover leftover ->
                testbed.known() || !testbed.inhabited() ? Optional.of(leftover.what()) : Optional.empty();
            case TestbedStatus.Down _, TestbedStatus.Changing _, TestbedStatus.Present _ -> Optional.empty();
        };
    }
}
