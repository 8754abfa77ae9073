package dev.scc.cli.command;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The value {@code KEY=VALUE} of an option: what follows the first {@code =} is the value, byte for byte. For picocli's own
 * maps quotes and commas in it have a meaning.
 */
record KeyValue(String key, String value) {

    static final class Text implements ITypeConverter<KeyValue> {
        @Override
        public KeyValue convert(String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new TypeConversionException("\"" + text + "\" is not KEY=VALUE");
            }
            return new KeyValue(text.substring(0, equals), text.substring(equals + 1));
        }
    }

    /** By their keys; of those with the same key the last one. */
    static Map<String, String> map(List<KeyValue> all) {
        Map<String, String> map = new TreeMap<>();
        all.forEach(each -> map.put(each.key(), each.value()));
        return map;
    }
}
