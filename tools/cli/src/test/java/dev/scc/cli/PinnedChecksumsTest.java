package dev.scc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every library is the very file that was looked at when it was chosen, whatever the repository gives by its name; without a
 * network. Libraries of the build itself, as plugins of Maven, are not among them.
 */
class PinnedChecksumsTest {
    private static Map<String, String> pinned() throws IOException {
        try (InputStream in = PinnedChecksumsTest.class.getResourceAsStream("/pinned-checksums.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" +", 2))
                    .collect(Collectors.toMap(words -> words[1], words -> words[0]));
        }
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    /** Class of hole: a library that somebody has exchanged on its way. */
    @Test
    void everyLibraryIsTheFileThatWasChosen() throws Exception {
        Map<String, String> pinned = pinned();
        List<String> different = new ArrayList<>();
        int looked = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path file = Path.of(entry);
            // What this build has made is not pinned.
            if (!entry.endsWith(".jar") || entry.contains("/target/") || entry.contains("/dev/scc/")) {
                continue;
            }
            looked++;
            String line = sha256(file) + "  " + file.getFileName();
            if (!line.equals(pinned.get(String.valueOf(file.getFileName())) + "  " + file.getFileName())) {
                different.add(line);
            }
        }

        assertThat(looked).isGreaterThan(20);
        assertThat(different)
                .as(
                        "not what src/test/resources/pinned-checksums.txt says. After an upgrade that was meant, these lines go there")
                .isEmpty();
    }
}
