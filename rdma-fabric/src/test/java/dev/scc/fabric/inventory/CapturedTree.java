package dev.scc.fabric.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tree of small files, kept as lines {@code PATH=CONTENT} in a resource. */
public final class CapturedTree {
    private CapturedTree() {}

    /** Lays the resource (a file beside this class) out under {@code root}. */
    public static Path layOut(String resource, Path root) throws IOException {
        for (String line : text(resource).split("\n", -1)) {
            if (!line.isEmpty()) {
                String[] parts = line.split("=", 2);
                write(root, parts[0], parts[1]);
            }
        }
        return root;
    }

    public static void write(Path root, String file, String content) throws IOException {
        Path target = root.resolve(file);
        Files.createDirectories(target.resolveSibling("."));
        Files.writeString(target, content + "\n");
    }

    static String text(String resource) throws IOException {
        try (InputStream in = CapturedTree.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("there is no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
