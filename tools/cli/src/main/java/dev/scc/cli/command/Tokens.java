package dev.scc.cli.command;

import dev.scc.cluster.trust.JoinToken;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How tokens come in: as they are, or in a file. */
final class Tokens {
    private static final int LONGEST_FILE = 4096;

    private Tokens() {}

    /** @throws UserMistake if it is neither a token nor the name of a file with one; the message does not repeat it */
    static JoinToken read(String text) {
        try {
            return JoinToken.parse(text.startsWith("scc1.") ? text : content(Path.of(text)));
        } catch (IOException e) {
            throw new UserMistake("--token is neither a token nor a file that can be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new UserMistake("--token: " + e.getMessage());
        }
    }

    private static String content(Path file) throws IOException {
        if (Files.size(file) > LONGEST_FILE) {
            throw new IOException(file + " is too long for a token");
        }
        return Files.readString(file);
    }
}
