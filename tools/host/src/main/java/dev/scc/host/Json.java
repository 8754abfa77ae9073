package dev.scc.host;

import com.fasterxml.jackson.annotation.JacksonInject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.InjectableValues;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one JSON dialect of scc. Reading ignores properties that it does not know (newer writers may add some), and refuses
 * missing or null properties of records: absence is written as an {@link java.util.Optional}. What records got after entries
 * without it had been written is {@link Later}: missing, it is an empty list, an empty optional, or false.
 */
public final class Json {
    private static final JsonMapper MAPPER = withLaters(JsonMapper.builder())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int LONGEST_REASON = 300;
    private static final ObjectWriter PRETTY = MAPPER.writer(SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    /** Finds the components that may be missing. */
    private static final class Laters extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public JacksonInject.@Nullable Value findInjectableValue(MapperConfig<?> config, AnnotatedMember member) {
            // Of the constructor's parameter only: a record's field has the same annotation.
            return member instanceof AnnotatedParameter parameter && parameter.hasAnnotation(Later.class)
                    ? JacksonInject.Value.construct(parameter.getIndex(), true, false)
                    : super.findInjectableValue(config, member);
        }
    }

    /** What stands for components that are missing. */
    private static final class Missing extends InjectableValues {
        @Override
        public InjectableValues snapshot() {
            return this;
        }

        @Override
        public Object findInjectableValue(
                DeserializationContext context,
                Object name,
                @Nullable BeanProperty component,
                @Nullable Object owner,
                @Nullable Boolean optional,
                @Nullable Boolean input) {
            Class<?> type =
                    component == null ? Object.class : component.getType().getRawClass();
            if (type == boolean.class) {
                return false;
            }
            if (type == Optional.class) {
                return Optional.empty();
            }
            if (type == List.class) {
                return List.of();
            }
            throw new IllegalStateException("nothing stands for a missing " + type.getSimpleName());
        }
    }

    /** The same for what reads records in another form: it takes {@link Later} components that are missing for empty ones. */
    public static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B withLaters(B builder) {
        return builder.annotationIntrospector(new Laters()).injectableValues(new Missing());
    }

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
            return there(MAPPER.readValue(text, type), type);
        } catch (JacksonException e) {
            throw unreadable(type, e);
        }
    }

    /** The same as {@link #read(String, Class)}, from UTF-8. */
    public static <T> T read(byte[] text, Class<T> type) {
        try {
            return there(MAPPER.readValue(text, type), type);
        } catch (JacksonException e) {
            throw unreadable(type, e);
        }
    }

    /** The word null is JSON too. */
    private static <T> T there(@Nullable T value, Class<T> type) {
        if (value == null) {
            throw new IllegalArgumentException("not a " + type.getSimpleName() + " in JSON: null");
        }
        return value;
    }

    private static IllegalArgumentException unreadable(Class<?> type, JacksonException e) {
        // It may quote what was read, however long that is.
        String why = Bounds.cut(String.valueOf(e.getOriginalMessage()), LONGEST_REASON);
        return new IllegalArgumentException("not a " + type.getSimpleName() + " in JSON: " + why, e);
    }
}
