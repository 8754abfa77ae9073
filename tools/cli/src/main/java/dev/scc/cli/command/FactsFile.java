package dev.scc.cli.command;

import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.host.Json;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What was observed on nodes, in a file that can be examined elsewhere and later. */
record FactsFile(String format, List<NodeFacts> nodes) {
    private static final String FORMAT = "scc-facts-1";

    FactsFile {
        nodes = List.copyOf(nodes);
    }

    static void write(Path file, List<NodeFacts> nodes) throws IOException {
        Files.writeString(file, Json.pretty(new FactsFile(FORMAT, nodes)) + "\n");
    }

    /** @throws UserMistake if it is no such file */
    static List<NodeFacts> read(Path file) {
        try {
            FactsFile read = Json.read(Files.readString(file), FactsFile.class);
            if (!read.format().equals(FORMAT)) {
                throw new UserMistake(file + " has the format " + read.format() + ", not " + FORMAT);
            }
            return read.nodes();
        } catch (IOException | IllegalArgumentException e) {
            throw new UserMistake(file + " is no file of scc doctor --capture: " + e.getMessage());
        }
    }
}
