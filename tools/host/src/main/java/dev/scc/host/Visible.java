package dev.scc.host;

/**
 * Text that was supplied by nodes and people, in a form that a terminal only shows: what would move its cursor, change what is on
 * it, or turn the direction of writing, stands there as {@code \\u001b}. In a JSON string that means the same character.
 */
public final class Visible {
    private Visible() {}

    /** One line: line breaks are escaped too, so that nothing can pretend to be the next one. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** Several lines. */
    public static String text(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean lines) {
        int at = 0;
        while (at < text.length() && harmless(text, at, lines)) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, at);
        for (; at < text.length(); at++) {
            char next = text.charAt(at);
            if (harmless(text, at, lines)) {
                visible.append(next);
            } else {
                visible.append("\\u%04x".formatted((int) next));
            }
        }
        return visible.toString();
    }

    private static boolean harmless(String text, int at, boolean lines) {
        char next = text.charAt(at);
        if (next >= ' ' && next < 0x7f) {
            return true;
        }
        if (next == '\n') {
            return lines;
        }
        boolean second = at > 0 && Character.isSurrogatePair(text.charAt(at - 1), next);
        int point = second ? text.codePointAt(at - 1) : text.codePointAt(at);
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
