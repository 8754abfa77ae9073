package dev.scc.cli.context;

import dev.scc.host.AtomicFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The user's configuration file, {@code ~/.config/scc/config.yaml}:
 *
 * <pre>
 * current: testbed
 * contexts:
 *   testbed:
 *     server: 10.99.0.1:7443
 *     netns: scc-testbed
 *     credentials: /var/lib/scc/server/admin.pem
 * </pre>
 *
 * Each command reads it, and the launcher script does too, before java has started: so it is this form only (two spaces
 * for each level, plain values), a subset of YAML that needs no parser.
 *
 * @param current the selected context's name; empty if none
 */
public record Contexts(String current, Map<String, Context> contexts) {
    private static final Set<String> KEYS = Set.of("server", "netns", "credentials", "token");

    public Contexts {
        contexts = new TreeMap<>(contexts);
    }

    /**
     * Where a server is.
     *
     * @param server host and port, or several with commas
     * @param netns the network namespace from which it is reached; empty for the ordinary one
     * @param credentials file of what the caller shows; empty if there is none yet
     * @param token that the first use turns into credentials; empty if there is none
     */
    public record Context(String server, String netns, String credentials, String token) {
        public static final Context NONE = new Context("", "", "", "");

        private Context with(String key, String value) {
            return switch (key) {
                case "server" -> new Context(value, netns, credentials, token);
                case "netns" -> new Context(server, value, credentials, token);
                case "credentials" -> new Context(server, netns, value, token);
                default -> new Context(server, netns, credentials, value);
            };
        }
    }

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
                contexts.put(open, Context.NONE);
            } else if (indent == 4 && KEYS.contains(key) && contexts.containsKey(open)) {
                contexts.computeIfPresent(open, (context, was) -> was.with(key, value));
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
        // It may hold a token.
        new AtomicFile(file).write(format());
    }

    /** As the file has it. */
    public String format() {
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
            if (!context.credentials().isEmpty()) {
                text.append("    credentials: ").append(context.credentials()).append('\n');
            }
            if (!context.token().isEmpty()) {
                text.append("    token: ").append(context.token()).append('\n');
            }
        });
        return text.toString();
    }
}
