package dev.scc.host;

import java.util.List;
import java.util.stream.Stream;

/**
 * What fields of records that nodes and people write may hold. A text for people is cut, because a part of it is better than
 * none; what is compared, counted or used as a name is refused when it is out of bounds.
 */
public final class Bounds {
    private static final String CUT = " …";

    private Bounds() {}

    /** The text, or its beginning if it has more characters than that. */
    public static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = longest - CUT.length();
        // Half of a character beyond the basic plane could not be written.
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    /** The first of the texts, each of at most so many characters; the last says how many more there were. */
    public static List<String> cut(List<String> texts, int most, int longest) {
        List<String> first = texts.stream()
                .limit(texts.size() > most ? most - 1 : most)
                .map(text -> cut(text, longest))
                .toList();
        if (texts.size() <= most) {
            return first;
        }
        return Stream.concat(first.stream(), Stream.of("and " + (texts.size() - first.size()) + " more"))
                .toList();
    }

    /** @throws IllegalArgumentException if the text has more characters than that; the message names the field */
    public static String atMost(String field, String text, int longest) {
        if (text.length() > longest) {
            throw new IllegalArgumentException(
                    field + " has " + text.length() + " characters, and may have " + longest);
        }
        return text;
    }

    /** @throws IllegalArgumentException if it is not from least to most; the message names the field */
    public static long within(String field, long number, long least, long most) {
        if (number < least || number > most) {
            throw new IllegalArgumentException(field + ": " + number + " is not within " + least + " to " + most);
        }
        return number;
    }
}
