package dev.scc.cluster;

import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A {@link ClusterSpec} as a YAML file:
 *
 * <pre>{@code
 * name: demo
 * nodes: 3
 * # the rest may be left out
 * vpc: demo
 * vpcCidr: 172.16.0.0/20
 * rdmaCidr: 10.70.0.0/24
 * select: {rack: r1}
 * spread: rack          # or pack: rack
 * users: ada, grace      # whose it is too
 * verify: full
 * onFailure: rollback
 * }</pre>
 */
public final class ClusterSpecFile {
    private static final Set<String> FIELDS = new TreeSet<>(Set.of(
            "name", "nodes", "vpc", "vpcCidr", "rdmaCidr", "select", "spread", "pack", "verify", "onFailure", "users"));

    /** No spec is anywhere near as long; a device has no end. */
    private static final int MOST_BYTES = 1 << 20;

    private ClusterSpecFile() {}

    /**
     * Reads a file.
     *
     * @throws UserMistake if it cannot be read or is no spec; the message names file, line and field
     */
    public static ClusterSpec read(Path file) {
        String text = text(file);
        try {
            return parse(text);
        } catch (UserMistake e) {
            throw new UserMistake("spec file " + file + ": " + e.getMessage());
        }
    }

    private static String text(Path file) {
        byte[] bytes;
        try (InputStream input = Files.newInputStream(file)) {
            bytes = input.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new UserMistake("spec file " + file + " does not exist");
        } catch (IOException e) {
            throw new UserMistake("spec file " + file + " cannot be read: " + e.getMessage());
        }
        if (bytes.length > MOST_BYTES) {
            throw new UserMistake("spec file " + file + " is no spec: it is longer than " + MOST_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UserMistake("spec file " + file + " is no text in UTF-8");
        }
    }

    static ClusterSpec parse(String yaml) {
        // Windows' editors begin a text with a mark that belongs to no field.
        Map<String, SpecFields.Field> fields = SpecFields.read(yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml);
        fields.forEach((name, field) -> {
            if (!FIELDS.contains(name)) {
                throw new UserMistake("line " + field.line() + ": unknown field \"" + name + "\"; known are " + FIELDS);
            }
        });
        ClusterName name = word(fields, "name", ClusterName::new).orElseThrow(() -> missing("name"));
        int nodes = number(fields, "nodes").orElseThrow(() -> missing("nodes"));
        ClusterSpec plain = UserMistake.reading(nodes, count -> ClusterSpec.of(name.value(), count));
        return new ClusterSpec(
                name,
                nodes,
                word(fields, "vpc", ClusterName::new).map(ClusterName::value),
                word(fields, "vpcCidr", Cidr::parse),
                word(fields, "rdmaCidr", Cidr::parse),
                labels(fields, "select"),
                arrange(fields),
                word(fields, "verify", text -> choice(Pattern.values(), text)).orElse(plain.verify()),
                word(fields, "onFailure", text -> choice(OnFailure.values(), text))
                        .orElse(plain.onFailure()),
                word(fields, "users", ClusterSpecFile::names).orElse(plain.users()),
                plain.unchecked());
    }

    /** Such as {@code ada, grace}. */
    private static List<String> names(String text) {
        List<String> names =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        names.forEach(name -> new Principal(Role.USER, name));
        return names;
    }

    private static UserMistake missing(String field) {
        return new UserMistake("field \"" + field + "\" is missing");
    }

    private static UserMistake wrong(String field, int line, String why) {
        return new UserMistake("line " + line + ", field \"" + field + "\": " + why);
    }

    private static <T> Optional<T> word(Map<String, SpecFields.Field> fields, String name, Function<String, T> parse) {
        return Optional.ofNullable(fields.get(name)).map(field -> {
            int line = field.line();
            return switch (field.value()) {
                case SpecFields.Word(String text) ->
                    UserMistake.reading("line " + line + ", field \"" + name + "\"", text, parse);
                case SpecFields.Numeral(String text) -> throw wrong(name, line, notAWord(text, "number"));
                case SpecFields.Truth(String text) -> throw wrong(name, line, notAWord(text, "truth value"));
                case SpecFields.Nothing _, SpecFields.Labels _ ->
                    throw wrong(name, line, "labels where a word belongs");
            };
        });
    }

    private static String notAWord(String text, String what) {
        return text + " is a " + what + " in YAML, not a word; if you mean it, write \"" + text + "\"";
    }

    /** Only as everybody reads it: YAML takes 010 for eight, and 1:30 for ninety. */
    private static Optional<Integer> number(Map<String, SpecFields.Field> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(field -> {
            int line = field.line();
            String text = switch (field.value()) {
                case SpecFields.Numeral(String number) -> number;
                case SpecFields.Word(String word) -> "\"" + word + "\"";
                case SpecFields.Truth(String truth) -> truth;
                case SpecFields.Nothing _, SpecFields.Labels _ ->
                    throw wrong(name, line, "labels where a number belongs");
            };
            if (!text.matches("-?(0|[1-9][0-9]{0,8})")) {
                throw wrong(name, line, text + " is not a number such as 8");
            }
            return Integer.valueOf(text);
        });
    }

    private static Map<String, String> labels(Map<String, SpecFields.Field> fields, String name) {
        SpecFields.Field field = fields.get(name);
        if (field == null) {
            return Map.of();
        }
        if (!(field.value() instanceof SpecFields.Labels(Map<String, String> labels))) {
            throw wrong(name, field.line(), "not a list of labels such as {rack: r1}");
        }
        return labels;
    }

    private static <E extends Enum<E>> E choice(E[] values, String text) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is none of " + Arrays.toString(values).toLowerCase(Locale.ROOT)));
    }

    private static Optional<Arrange> arrange(Map<String, SpecFields.Field> fields) {
        Optional<Arrange> spread = word(fields, "spread", label -> new Arrange(Arrange.How.SPREAD, label));
        Optional<Arrange> pack = word(fields, "pack", label -> new Arrange(Arrange.How.PACK, label));
        if (spread.isPresent() && pack.isPresent()) {
            throw new UserMistake("fields \"spread\" and \"pack\" exclude each other");
        }
        return spread.or(() -> pack);
    }
}
