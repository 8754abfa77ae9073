package dev.scc.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Node names in the short notation of cluster tools: {@code n[1-8,10],gate} is n1 to n8, n10 and gate. Numbers may have
 * leading zeros ({@code n[01-12]}), and one bracket per name is understood.
 */
public final class HostList {
    /** No list names more nodes than this; a longer one is a slip of the finger. */
    public static final int LONGEST = 100_000;

    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");
    private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9]{1,9})");

    private HostList() {}

    /**
     * Reads a list. Names keep their order; one that is repeated counts once.
     *
     * @throws IllegalArgumentException saying which part is wrong and why
     */
    public static List<NodeName> parse(String text) {
        Set<NodeName> names = new LinkedHashSet<>();
        for (String part : parts(text)) {
            expand(part, names);
        }
        return List.copyOf(names);
    }

    /** Writes names in the shortest form, sorted; what {@link #parse} reads back. */
    public static String format(Collection<NodeName> names) {
        Map<Series, TreeSet<Integer>> series =
                new TreeMap<>(Comparator.comparing(Series::prefix).thenComparingInt(Series::width));
        List<String> parts = new ArrayList<>();
        for (NodeName name : new TreeSet<>(names)) {
            Matcher numbered = NUMBERED.matcher(name.value());
            if (numbered.matches()) {
                String digits = numbered.group(2);
                int width = digits.startsWith("0") ? digits.length() : 0;
                series.computeIfAbsent(new Series(numbered.group(1), width), _ -> new TreeSet<>())
                        .add(Integer.parseInt(digits));
            } else {
                parts.add(name.value());
            }
        }
        series.forEach((one, numbers) -> parts.add(one.format(numbers)));
        return String.join(",", parts);
    }

    private record Series(String prefix, int width) {
        String format(TreeSet<Integer> numbers) {
            if (numbers.size() == 1) {
                return prefix + pad(numbers.getFirst());
            }
            List<String> ranges = new ArrayList<>();
            int start = numbers.getFirst();
            int last = start;
            for (int number : numbers.tailSet(start, false)) {
                if (number != last + 1) {
                    ranges.add(range(start, last));
                    start = number;
                }
                last = number;
            }
            ranges.add(range(start, last));
            return prefix + "[" + String.join(",", ranges) + "]";
        }

        private String range(int start, int end) {
            return start == end ? pad(start) : pad(start) + "-" + pad(end);
        }

        private String pad(int number) {
            return HostList.pad(number, width);
        }
    }

    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            char c = at == text.length() ? ',' : text.charAt(at);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == ',' && (depth == 0 || at == text.length())) {
                parts.add(text.substring(start, at).strip());
                start = at + 1;
            }
        }
        return parts;
    }

    private static void expand(String part, Set<NodeName> names) {
        int open = part.indexOf('[');
        if (open < 0) {
            add(part, part, names);
            return;
        }
        int close = part.indexOf(']', open);
        if (close < 0 || part.indexOf('[', open + 1) >= 0) {
            throw new IllegalArgumentException(
                    "node list \"" + part + "\" needs exactly one pair of brackets, such as n[1-8,10]");
        }
        for (String range : part.substring(open + 1, close).split(",", -1)) {
            Matcher matcher = RANGE.matcher(range.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "\"" + range + "\" in node list \"" + part + "\" is not a number or a range such as 1-8");
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (last < first) {
                throw new IllegalArgumentException(
                        "range \"" + range + "\" in node list \"" + part + "\" runs backwards");
            }
            int width = matcher.group(1).startsWith("0") ? matcher.group(1).length() : 0;
            for (int number = first; number <= last; number++) {
                add(part, part.substring(0, open) + pad(number, width) + part.substring(close + 1), names);
            }
        }
    }

    private static void add(String part, String name, Set<NodeName> names) {
        if (names.size() >= LONGEST) {
            throw new IllegalArgumentException("node list \"" + part + "\" names more than " + LONGEST + " nodes");
        }
        names.add(new NodeName(name));
    }

    private static String pad(int number, int width) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
