package dev.scc.host;

import java.util.function.Function;

/**
 * Somebody has asked for what cannot be meant: a word that is no name, options that exclude each other, a file with a field
 * that nobody knows. It is told as that, in the words of the message. It is thrown only where somebody's words are read;
 * an {@link IllegalArgumentException} that leaves any other place is a defect of scc, and is told as one.
 */
public final class UserMistake extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserMistake(String message) {
        super(message);
    }

    private UserMistake(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Reads somebody's words.
     *
     * @param parse a parser, or a record's constructor, that refuses with {@link IllegalArgumentException}
     */
    public static <W, T> T reading(W words, Function<? super W, ? extends T> parse) {
        try {
            return parse.apply(words);
        } catch (IllegalArgumentException e) {
            throw new UserMistake(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Reads somebody's words.
     *
     * @param where they stand, such as {@code --vpc-cidr}; the message begins with it
     */
    public static <W, T> T reading(String where, W words, Function<? super W, ? extends T> parse) {
        try {
            return parse.apply(words);
        } catch (IllegalArgumentException e) {
            throw new UserMistake(where + ": " + e.getMessage(), e);
        }
    }
}
