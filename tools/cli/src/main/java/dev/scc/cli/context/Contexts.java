package dev.scc.cli.context;

import dev.scc.host.AtomicFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The user's configuration file, {@code ~/.config/scc/config.yaml}:
 *
 * <pre>
 * current: testbed
 * contexts:
 *   testbed:
 *     server: 10.99.0.1:2181
 *     netns: scc-testbed
 * </pre>
 *
 * Each command reads it, and the launcher script does too, before java has started: so it is this form only (two spaces
 * for each level, plain values), a subset of YAML that needs no parser.
 *
 * @param current the selected context's name; empty if none
 */
public record Contexts(String current, Map<String, Context> contexts) {
    public Contexts {
        contexts = new TreeMap<>(contexts);
    }

    /**
     * Where a server is.
     *
     * @param server host and port, or several with commas
     * @param netns the network namespace from which it is reached; empty for the ordinary one
     */
    public record Context(String server, String netns) {}

    public static Path defaultFile() {
        return UserDirectories.config().resolve("config.yaml");
    }

    /** A file that is not there is one without contexts. @throws IOException if it cannot be read or has another form */
    public static Contexts read(Path file) throws IOException {
        try {
            return Files.exists(file) ? parse(file.toString(), Files.readString(file)) : new Contexts("", Map.of());
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is no text in UTF-8", e);
        }
    }

    static Contexts parse(String name, String text) throws IOException {
        String current = "";
        Map<String, Context> contexts = new TreeMap<>();
        String open = "";
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.stripTrailing();
            String content = line.strip();
            int indent = line.length() - content.length();
            int colon = content.indexOf(':');
            if (content.isEmpty() || content.startsWith("#")) {
                continue;
            }
            String key = colon < 0 ? "" : content.substring(0, colon);
            String value = colon < 0 ? "" : content.substring(colon + 1).strip();
            if (indent == 0 && key.equals("current")) {
                current = value;
            } else if (indent == 2 && !key.isEmpty() && value.isEmpty()) {
                open = key;
                contexts.put(open, new Context("", ""));
            } else if (indent == 4 && key.equals("server") && contexts.containsKey(open)) {
                contexts.computeIfPresent(open, (context, was) -> new Context(value, was.netns()));
            } else if (indent == 4 && key.equals("netns") && contexts.containsKey(open)) {
                contexts.computeIfPresent(open, (context, was) -> new Context(was.server(), value));
            } else if (indent != 0 || !key.equals("contexts")) {
                throw new IOException(name + " line " + number + ": \"" + content + "\" is not understood");
            }
        }
        return new Contexts(current, contexts);
    }

    public Optional<Context> selected() {
        return Optional.ofNullable(contexts.get(current));
    }

    public Contexts select(String name, Context context) {
        Map<String, Context> changed = new TreeMap<>(contexts);
        changed.put(name, context);
        return new Contexts(name, changed);
    }

    /** Without that context; if it was selected, none is. */
    public Contexts without(String name) {
        Map<String, Context> changed = new TreeMap<>(contexts);
        changed.remove(name);
        return new Contexts(current.equals(name) ? "" : current, changed);
    }

    public void write(Path file) throws IOException {
        if (contexts.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        new AtomicFile(file).write(format());
    }

    String format() {
        StringBuilder text = new StringBuilder();
        if (!current.isEmpty()) {
            text.append("current: ").append(current).append('\n');
        }
        text.append("contexts:\n");
        contexts.forEach((name, context) -> {
            text.append("  ")
                    .append(name)
                    .append(":\n    server: ")
                    .append(context.server())
                    .append('\n');
            if (!context.netns().isEmpty()) {
                text.append("    netns: ").append(context.netns()).append('\n');
            }
        });
        return text.toString();
    }
}
