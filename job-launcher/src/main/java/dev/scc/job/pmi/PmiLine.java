package dev.scc.job.pmi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the protocol: {@code cmd=NAME key=value key=value}. A value ends at the next space, except that of
 * {@code value}, {@code msg} and {@code error_msg}, which is the rest of the line: it may hold spaces and equals signs.
 */
record PmiLine(String command, Map<String, String> fields) {
    PmiLine {
        fields = Map.copyOf(fields);
    }

    /** Empty if the line does not begin with {@code cmd=} or {@code mcmd=}, or a field has no equals sign. */
    static Optional<PmiLine> parse(String line) {
        String rest = line.strip();
        Map<String, String> fields = new LinkedHashMap<>();
        while (!rest.isEmpty()) {
            int equals = rest.indexOf('=');
            if (equals <= 0) {
                return Optional.empty();
            }
            String key = rest.substring(0, equals);
            boolean toTheEnd = key.equals("value") || key.equals("msg") || key.equals("error_msg");
            int space = rest.indexOf(' ', equals);
            int end = toTheEnd || space < 0 ? rest.length() : space;
            fields.put(key, rest.substring(equals + 1, end));
            rest = rest.substring(end).stripLeading();
        }
        String command = fields.getOrDefault("cmd", fields.getOrDefault("mcmd", ""));
        return command.isEmpty() ? Optional.empty() : Optional.of(new PmiLine(command, fields));
    }

    Optional<String> field(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    /** The field as a number; empty if it is missing or none. */
    Optional<Integer> number(String key) {
        try {
            return field(key).map(Integer::valueOf);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
