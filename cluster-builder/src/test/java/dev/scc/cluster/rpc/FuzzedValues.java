package dev.scc.cluster.rpc;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a record may look like when somebody sends it who does not mean well: nearly right, as maps, lists, words and numbers. */
public final class FuzzedValues {
    private static final int MOST_NESTED = 12;

    private static final List<String> WORDS = List.of(
            "",
            "demo",
            "n1",
            "../n1",
            "a".repeat(70_000),
            "\u0000\u001b[2J",
            "10.0.0.1",
            "10.0.0.0/33",
            "fe80::1",
            "7443",
            "-1",
            "99999999999999999999",
            "node:n1",
            "\ufffe");

    private FuzzedValues() {}

    public static @Nullable Object of(Type type, Random random) {
        return value(type, random, 0);
    }

    private static @Nullable Object value(Type type, Random random, int depth) {
        if (random.nextInt(20) == 0 || depth > MOST_NESTED) {
            return junk(random);
        }
        if (type instanceof ParameterizedType of) {
            Type raw = of.getRawType();
            Type last = of.getActualTypeArguments()[of.getActualTypeArguments().length - 1];
            if (raw == Optional.class) {
                return random.nextBoolean() ? null : value(last, random, depth + 1);
            }
            if (raw == Map.class) {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                map.put(WORDS.get(random.nextInt(WORDS.size())), value(last, random, depth + 1));
                return map;
            }
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                list.add(value(last, random, depth + 1));
            }
            return list;
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isRecord()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (RecordComponent component : raw.getRecordComponents()) {
                if (random.nextInt(30) != 0) {
                    map.put(component.getName(), value(component.getGenericType(), random, depth + 1));
                }
            }
            return map;
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)].toString();
        }
        if (raw == boolean.class) {
            return random.nextBoolean();
        }
        if (raw.isPrimitive()) {
            return random.nextBoolean() ? random.nextInt(100) : random.nextLong();
        }
        return raw == Bytes.class ? new byte[random.nextInt(40)] : WORDS.get(random.nextInt(WORDS.size()));
    }

    private static @Nullable Object junk(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> random.nextLong();
            case 2 -> random.nextDouble();
            case 3 -> List.of(List.of(), Map.of());
            case 4 -> Map.of("x", "y");
            default -> WORDS.get(random.nextInt(WORDS.size()));
        };
    }
}
