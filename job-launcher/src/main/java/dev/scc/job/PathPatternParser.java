package dev.scc.job;

import java.util.ArrayList;
import java.util.List;

/** Reads the text of a {@link PathPattern}. A fork is put in where a group begins, and at the end of each alternative. */
final class PathPatternParser {
    private static final int NONE = -1;

    private final int[] text;
    private final String glob;
    private final List<PathPattern.Part> parts = new ArrayList<>();
    private final List<Integer> alternatives = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private int at;
    private int group = NONE;

    PathPatternParser(String glob) {
        this.glob = glob;
        text = glob.codePoints().toArray();
    }

    /** @throws IllegalArgumentException if it is no pattern */
    List<PathPattern.Part> parts() {
        while (at < text.length) {
            int character = text[at++];
            switch (character) {
                case '\\' -> escaped();
                case '*' -> star();
                case '?' -> parts.add(new PathPattern.Part.One(each -> each != '/'));
                case '[' -> set();
                case '{' -> open();
                case ',' -> comma();
                case '}' -> close();
                default -> exactly(character);
            }
        }
        if (group != NONE) {
            throw wrong("a { has no }");
        }
        return parts;
    }

    private void exactly(int character) {
        parts.add(new PathPattern.Part.One(each -> each == character));
    }

    private void escaped() {
        if (at == text.length) {
            throw wrong("nothing follows the last backslash");
        }
        exactly(text[at++]);
    }

    private void star() {
        boolean two = peek() == '*';
        if (two) {
            at++;
        }
        parts.add(new PathPattern.Part.Any(two));
    }

    private void open() {
        if (group != NONE) {
            throw wrong("a { is within another");
        }
        group = parts.size();
        parts.add(new PathPattern.Part.Fork(List.of())); // Known when it ends.
        alternatives.add(parts.size());
    }

    private void comma() {
        if (group == NONE) {
            exactly(',');
            return;
        }
        endAlternative();
        alternatives.add(parts.size());
    }

    private void close() {
        if (group == NONE) {
            exactly('}');
            return;
        }
        endAlternative();
        parts.set(group, new PathPattern.Part.Fork(alternatives));
        ends.forEach(end -> parts.set(end, new PathPattern.Part.Fork(List.of(parts.size()))));
        alternatives.clear();
        ends.clear();
        group = NONE;
    }

    private void endAlternative() {
        ends.add(parts.size());
        parts.add(new PathPattern.Part.Fork(List.of()));
    }

    private int peek() {
        return at < text.length ? text[at] : NONE;
    }

    /** A set never has the slash. A hyphen or ^ that comes first is one; a backslash is one anywhere. */
    private void set() {
        boolean others = peek() == '!';
        if (others) {
            at++;
        }
        List<int[]> ranges = new ArrayList<>();
        if (peek() == '-' || (!others && peek() == '^')) {
            ranges.add(new int[] {peek(), peek()});
            at++;
        }
        int first = NONE;
        int character = NONE;
        while (at < text.length) {
            character = text[at++];
            if (character == ']') {
                break;
            }
            if (character == '/') {
                throw wrong("a slash is within [ ]");
            }
            if (character == '-') {
                if (first == NONE) {
                    throw wrong("a range in [ ] has no beginning");
                }
                character = peek();
                at++;
                if (character == NONE || character == ']') {
                    ranges.add(new int[] {'-', '-'});
                    break;
                }
                if (character < first) {
                    throw wrong("a range in [ ] ends before it begins");
                }
                ranges.add(new int[] {first, character});
                first = NONE;
            } else {
                ranges.add(new int[] {character, character});
                first = character;
            }
        }
        if (character != ']') {
            throw wrong("a [ has no ]");
        }
        if (ranges.isEmpty()) {
            throw wrong("nothing is within [ ]");
        }
        int[][] all = ranges.toArray(int[][]::new);
        parts.add(new PathPattern.Part.One(each -> each != '/' && others != within(all, each)));
    }

    private static boolean within(int[][] ranges, int character) {
        for (int[] range : ranges) {
            if (range[0] <= character && character <= range[1]) {
                return true;
            }
        }
        return false;
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("\"" + glob + "\" is no pattern of paths: " + why);
    }
}
