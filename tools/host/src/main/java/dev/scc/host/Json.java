package dev.scc.host;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one JSON dialect of scc. Reading ignores properties that it does not know (newer writers may add some), and refuses
 * missing or null properties of records: absence is written as an {@link java.util.Optional}.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectWriter PRETTY = MAPPER.writer(SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    /** The shared mapper, for trees and generic types. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** One line, without spaces. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The same as {@link #write}, in UTF-8. */
    public static byte[] writeBytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** Indented, for people. */
    public static String pretty(Object value) {
        return PRETTY.writeValueAsString(value);
    }

    /** @throws IllegalArgumentException if {@code text} is not JSON, or not a {@code type}; the message says why and where */
    public static <T> T read(String text, Class<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JacksonException e) {
            throw unreadable(type, e);
        }
    }

    /** The same as {@link #read(String, Class)}, from UTF-8. */
    public static <T> T read(byte[] text, Class<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JacksonException e) {
            throw unreadable(type, e);
        }
    }

    private static IllegalArgumentException unreadable(Class<?> type, JacksonException e) {
        return new IllegalArgumentException("not a " + type.getSimpleName() + " in JSON: " + e.getOriginalMessage(), e);
    }
}
