package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A node's name, unique in the pool. It is also the node's host name, so it follows RFC 1123 labels: 1 to 63 lower-case
 * letters, digits and hyphens, starting and ending with a letter or digit. Names are in the order of the numbers in them: n2
 * comes before n10.
 */
public record NodeName(@JsonValue String value) implements Comparable<NodeName> {
    private static final int LONGEST = 63;
    private static final int LONGEST_NUMBER = 18;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    @JsonCreator
    public NodeName {
        if (!LABEL.matcher(value).matches()) {
            throw new IllegalArgumentException("node name \"" + value
                    + "\" is not a host name label: 1 to 63 lower-case letters, digits and hyphens");
        }
    }

    /** The name so many after this one: its number at the end goes up, n09 to n10. Empty if it does not end in a number. */
    public Optional<NodeName> plus(int count) {
        int start = value.length();
        while (start > 0 && isDigit(value.charAt(start - 1))) {
            start--;
        }
        int digits = value.length() - start;
        if (digits == 0 || digits > LONGEST_NUMBER) {
            return Optional.empty();
        }
        String number = Long.toString(Long.parseLong(value, start, value.length(), 10) + count);
        String zeros = "0".repeat(Math.max(0, digits - number.length()));
        return start + zeros.length() + number.length() > LONGEST
                ? Optional.empty()
                : Optional.of(new NodeName(value.substring(0, start) + zeros + number));
    }

    @Override
    public int compareTo(NodeName other) {
        int mine = 0;
        int its = 0;
        while (mine < value.length() && its < other.value.length()) {
            char a = value.charAt(mine);
            char b = other.value.charAt(its);
            if (isDigit(a) && isDigit(b)) {
                int myEnd = endOfNumber(value, mine);
                int itsEnd = endOfNumber(other.value, its);
                mine = withoutZeros(value, mine, myEnd);
                its = withoutZeros(other.value, its, itsEnd);
                int longer = Integer.compare(myEnd - mine, itsEnd - its);
                if (longer != 0) {
                    return longer;
                }
                while (mine < myEnd) {
                    int higher = Character.compare(value.charAt(mine++), other.value.charAt(its++));
                    if (higher != 0) {
                        return higher;
                    }
                }
            } else if (a != b) {
                return Character.compare(a, b);
            } else {
                mine++;
                its++;
            }
        }
        int rest = Integer.compare(value.length() - mine, other.value.length() - its);
        // n1 and n01 are two nodes.
        return rest != 0 ? rest : value.compareTo(other.value);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int endOfNumber(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static int withoutZeros(String text, int from, int end) {
        int start = from;
        while (start < end && text.charAt(start) == '0') {
            start++;
        }
        return start;
    }

    @Override
    public String toString() {
        return value;
    }
}
