package dev.scc.cluster;

import dev.scc.host.UserMistake;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The fields of a file in YAML, as they are written: one document, each field once, plain values or labels. Whatever else
 * YAML can say (lists, deeper levels, aliases of more than a word) is refused at its line, before it costs anything.
 */
final class SpecFields {
    /** What the core schema of YAML 1.2 takes for a number, and a little of what YAML 1.1 did. */
    private static final Pattern NUMBER = Pattern.compile(
            "[-+]?(\\.?[0-9][0-9_]*(\\.[0-9_]*)?([eE][-+]?[0-9]+)?|0[xo][0-9a-fA-F_]+|\\.(inf|Inf|INF|nan))"
                    + "|[0-9]+(:[0-9]+)+");

    private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");

    /**
     * What a field is.
     *
     * @param line where its value is, from 1
     */
    record Field(int line, Value value) {}

    sealed interface Value {}

    /** Nothing, or null. */
    record Nothing() implements Value {}

    /** A word, in quotes or not. */
    record Word(String text) implements Value {}

    /** What YAML takes for a number, as it is written. */
    record Numeral(String text) implements Value {}

    /** What YAML takes for true or false. */
    record Truth(String text) implements Value {}

    record Labels(Map<String, String> labels) implements Value {
        Labels {
            labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        }
    }

    private final Iterator<Event> events;
    /** Words that the file gives a name for later. */
    private final Map<Anchor, Value> anchors = new HashMap<>();

    private SpecFields(Iterator<Event> events) {
        this.events = events;
    }

    /** Those that have a value, in their order. @throws UserMistake if it is no such file; the message names line and field */
    static Map<String, Field> read(String yaml) {
        try {
            return new SpecFields(new Parse(LoadSettings.builder().build())
                            .parseString(yaml)
                            .iterator())
                    .document();
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark()
                    .map(mark -> "line " + (mark.getLine() + 1) + ": ")
                    .orElse("");
            throw new UserMistake(where + "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new UserMistake("not YAML: " + e.getMessage());
        }
    }

    private Map<String, Field> document() {
        Event first = events.next();
        while (first.getEventId() == Event.ID.StreamStart || first.getEventId() == Event.ID.DocumentStart) {
            first = events.next();
        }
        if (first.getEventId() != Event.ID.MappingStart) {
            boolean empty = first.getEventId() == Event.ID.StreamEnd;
            throw new UserMistake(
                    (empty ? "empty: " : "line " + line(first) + ": ") + "not a list of fields such as \"name: demo\"");
        }
        Map<String, Field> fields = new LinkedHashMap<>();
        Map<String, Integer> lines = new HashMap<>();
        for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
            String name = name(key);
            Integer before = lines.putIfAbsent(name, line(key));
            if (before != null) {
                throw wrong(key, name, "is there twice, the first time at line " + before);
            }
            Event at = events.next();
            Value value =
                    at.getEventId() == Event.ID.MappingStart ? labels(name) : plain(at, name, "a word or a number");
            if (!(value instanceof Nothing)) {
                fields.put(name, new Field(line(at), value));
            }
        }
        events.next(); // The end of the document.
        Event after = events.next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            throw new UserMistake("line " + line(after) + ": a second document; a file is one spec");
        }
        return fields;
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static String name(Event key) {
        if (!(key instanceof ScalarEvent name)) {
            throw new UserMistake("line " + line(key) + ": not the name of a field");
        }
        return name.getValue();
    }

    private Labels labels(String field) {
        Map<String, String> labels = new TreeMap<>();
        for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
            String label = name(key);
            Event at = events.next();
            String wanted = "a word after \"" + label + "\"";
            String text = switch (plain(at, field, wanted)) {
                case Word(String word) -> word;
                case Numeral(String number) -> number;
                case Truth(String truth) -> truth;
                case Nothing _, Labels _ -> throw wrong(at, field, "has nothing where " + wanted + " belongs");
            };
            if (labels.put(label, text) != null) {
                throw wrong(key, field, "has \"" + label + "\" twice");
            }
        }
        return new Labels(labels);
    }

    private Value plain(Event at, String field, String wanted) {
        if (at instanceof AliasEvent alias) {
            return Optional.ofNullable(anchors.get(alias.getAlias()))
                    .orElseThrow(() -> wrong(at, field, "is an alias of what is no word: *" + alias.getAlias()));
        }
        if (!(at instanceof ScalarEvent scalar)) {
            String what = at.getEventId() == Event.ID.SequenceStart ? "a list" : "a further level";
            throw wrong(at, field, "is " + what + " where " + wanted + " belongs");
        }
        Value value = value(scalar);
        scalar.getAnchor().ifPresent(anchor -> anchors.put(anchor, value));
        return value;
    }

    private static Value value(ScalarEvent scalar) {
        String text = scalar.getValue();
        if (!scalar.isPlain()) {
            return new Word(text);
        }
        if (NOTHING.matcher(text).matches()) {
            return new Nothing();
        }
        if (TRUTH.matcher(text).matches()) {
            return new Truth(text);
        }
        return NUMBER.matcher(text).matches() ? new Numeral(text) : new Word(text);
    }

    private static UserMistake wrong(Event at, String field, String why) {
        return new UserMistake("line " + line(at) + ": field \"" + field + "\" " + why);
    }
}
