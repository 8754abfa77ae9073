package dev.scc.cluster;

import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

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
 * verify: full
 * onFailure: rollback
 * }</pre>
 */
public final class ClusterSpecFile {
    private static final Set<String> FIELDS = new TreeSet<>(
            Set.of("name", "nodes", "vpc", "vpcCidr", "rdmaCidr", "select", "spread", "pack", "verify", "onFailure"));

    private ClusterSpecFile() {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it cannot be read or is no spec; the message names file, field and value
     */
    public static ClusterSpec read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("spec file " + file + " does not exist", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("spec file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("spec file " + file + ": " + e.getMessage(), e);
        }
    }

    static ClusterSpec parse(String yaml) {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(yaml);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not YAML: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException("not a list of fields such as \"name: demo\"");
        }
        for (String field : root.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException("unknown field \"" + field + "\"; known are " + FIELDS);
            }
        }
        return new ClusterSpec(
                field(root, "name", ClusterName::new).orElseThrow(() -> missing("name")),
                field(root, "nodes", Integer::valueOf).orElseThrow(() -> missing("nodes")),
                field(root, "vpc", Function.identity()),
                field(root, "vpcCidr", Cidr::parse),
                field(root, "rdmaCidr", Cidr::parse),
                labels(root.path("select")),
                arrange(root),
                field(root, "verify", text -> choice(Pattern.values(), text)).orElse(Pattern.FULL),
                field(root, "onFailure", text -> choice(OnFailure.values(), text))
                        .orElse(OnFailure.ROLLBACK));
    }

    private static IllegalArgumentException missing(String field) {
        return new IllegalArgumentException("field \"" + field + "\" is missing");
    }

    private static <T> Optional<T> field(JsonNode root, String field, Function<String, T> parse) {
        JsonNode value = root.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        String text = value.asString("");
        try {
            return Optional.of(parse.apply(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("field \"" + field + "\": \"" + text + "\" is not a number", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("field \"" + field + "\": " + e.getMessage(), e);
        }
    }

    private static <E extends Enum<E>> E choice(E[] values, String text) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is none of " + Arrays.toString(values).toLowerCase(Locale.ROOT)));
    }

    private static Optional<Arrange> arrange(JsonNode root) {
        Optional<Arrange> spread = field(root, "spread", label -> new Arrange(Arrange.How.SPREAD, label));
        Optional<Arrange> pack = field(root, "pack", label -> new Arrange(Arrange.How.PACK, label));
        if (spread.isPresent() && pack.isPresent()) {
            throw new IllegalArgumentException("fields \"spread\" and \"pack\" exclude each other");
        }
        return spread.or(() -> pack);
    }

    private static Map<String, String> labels(JsonNode select) {
        if (select.isMissingNode() || select.isNull()) {
            return Map.of();
        }
        if (!select.isObject()) {
            throw new IllegalArgumentException("field \"select\" is not a list of labels such as {rack: r1}");
        }
        Map<String, String> labels = new TreeMap<>();
        select.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        return labels;
    }
}
