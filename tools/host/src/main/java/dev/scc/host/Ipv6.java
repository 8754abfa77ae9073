package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An IPv6 address, held as its 128 bits in network order. Its text is that of RFC 5952. */
public record Ipv6(long high, long low) implements Ip {
    private static final int GROUPS = 8;
    private static final int LONGEST_GROUP = 4;
    private static final long MAPPED = 0xffffL;

    /**
     * Reads any form of RFC 4291, section 2.2, without a zone.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    @JsonCreator
    public static Ipv6 parse(String text) {
        int gap = text.indexOf("::");
        List<Integer> groups = new ArrayList<>();
        if (gap < 0) {
            groups.addAll(groups(text, text, true));
        } else {
            List<Integer> before = gap == 0 ? List.of() : groups(text.substring(0, gap), text, false);
            String rest = text.substring(gap + 2);
            List<Integer> after = rest.isEmpty() ? List.of() : groups(rest, text, true);
            if (before.size() + after.size() >= GROUPS) {
                throw notAnAddress(text);
            }
            groups.addAll(before);
            while (groups.size() + after.size() < GROUPS) {
                groups.add(0);
            }
            groups.addAll(after);
        }
        if (groups.size() != GROUPS) {
            throw notAnAddress(text);
        }
        return new Ipv6(half(groups.subList(0, GROUPS / 2)), half(groups.subList(GROUPS / 2, GROUPS)));
    }

    /** @param last whether the text ends with this part, as it may with an IPv4 address */
    private static List<Integer> groups(String part, String text, boolean last) {
        List<Integer> groups = new ArrayList<>();
        String[] words = part.split(":", -1);
        for (int at = 0; at < words.length; at++) {
            String word = words[at];
            if (at == words.length - 1 && word.indexOf('.') >= 0 && last) {
                int bits = Ipv4.parse(word).bits();
                groups.add(bits >>> 16);
                groups.add(bits & 0xffff);
            } else if (word.isEmpty() || word.length() > LONGEST_GROUP || !hexadecimal(word)) {
                throw notAnAddress(text);
            } else {
                groups.add(Integer.parseInt(word, 16));
            }
        }
        return groups;
    }

    private static boolean hexadecimal(String word) {
        return word.chars().allMatch(next -> next < 128 && Character.digit(next, 16) >= 0);
    }

    private static long half(List<Integer> groups) {
        long bits = 0;
        for (int group : groups) {
            bits = bits << 16 | group;
        }
        return bits;
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("\"" + text + "\" is not an IPv6 address");
    }

    @Override
    public int length() {
        return 128;
    }

    /** The address {@code count} after this one, 0 or more; wraps around at the last of all. */
    public Ipv6 plus(long count) {
        long sum = low + count;
        return new Ipv6(Long.compareUnsigned(sum, low) < 0 ? high + 1 : high, sum);
    }

    private int group(int number) {
        long half = number < GROUPS / 2 ? high : low;
        int behind = GROUPS / 2 - 1 - number % (GROUPS / 2);
        return (int) ((half >>> (16 * behind)) & 0xffff);
    }

    @Override
    public int compareTo(Ip other) {
        if (!(other instanceof Ipv6 same)) {
            return 1;
        }
        int first = Long.compareUnsigned(high, same.high);
        return first != 0 ? first : Long.compareUnsigned(low, same.low);
    }

    /** RFC 5952: lower case, no zeros in front, and the longest run of two zero groups or more, the first of several, as {@code ::}. */
    @JsonValue
    @Override
    public String toString() {
        if (high == 0 && low >>> 32 == MAPPED) {
            return "::ffff:" + new Ipv4((int) low);
        }
        int from = 0;
        int longest = 0;
        for (int start = 0; start < GROUPS; start++) {
            int end = start;
            while (end < GROUPS && group(end) == 0) {
                end++;
            }
            if (end - start > longest) {
                from = start;
                longest = end - start;
            }
        }
        return longest < 2 ? words(0, GROUPS) : words(0, from) + "::" + words(from + longest, GROUPS);
    }

    private String words(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> Integer.toHexString(group(number)))
                .collect(Collectors.joining(":"));
    }
}
