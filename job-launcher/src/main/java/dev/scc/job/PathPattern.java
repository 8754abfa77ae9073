package dev.scc.job;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern of relative paths, with the syntax of {@link java.nio.file.FileSystem#getPathMatcher}'s globs: {@code *} is any
 * part of a name, {@code **} also of several with slashes between them, {@code ?} one character of a name, {@code [a-z]} and
 * {@code [!a-z]} one of a set, <code>{a,b}</code> either of some, and a backslash takes the next character as it is.
 *
 * <p>A path is read once, from its start, with all places of the pattern at the same time where the next character may go on
 * (K. Thompson, "Regular Expression Search Algorithm", 1968). So there are at most as many steps for each character as the
 * pattern has parts, whatever they are. Thread-safe.
 */
public final class PathPattern {
    private final List<Part> parts;

    private PathPattern(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** What a place of the pattern does. */
    sealed interface Part {

        /** Takes one character and goes on behind it. */
        record One(Characters which) implements Part {}

        /** Takes any number of characters. */
        record Any(boolean slashes) implements Part {}

        /** Goes on at several places. */
        record Fork(List<Integer> to) implements Part {
            public Fork {
                to = List.copyOf(to);
            }
        }
    }

    /** Which characters there may be. */
    @FunctionalInterface
    interface Characters {
        boolean have(int character);
    }

    /** @throws IllegalArgumentException if it is none; the message says why */
    public static PathPattern of(String glob) {
        return new PathPattern(new PathPatternParser(glob).parts());
    }

    /** Whether all of this path is as the pattern says. */
    public boolean matches(String path) {
        return new Reading().matches(path);
    }

    /** How many places of the pattern were looked at to find that out. */
    long steps(String path) {
        Reading reading = new Reading();
        reading.matches(path);
        return reading.steps;
    }

    /** One path that is being read. */
    private final class Reading {
        private BitSet now = new BitSet();
        private BitSet next = new BitSet();
        private long steps;

        boolean matches(String path) {
            enter(now, 0);
            int[] characters = path.codePoints().toArray();
            for (int i = 0; i < characters.length && !now.isEmpty(); i++) {
                step(characters[i]);
            }
            return now.get(parts.size());
        }

        private void step(int character) {
            next.clear();
            for (int at = now.nextSetBit(0); at >= 0 && at < parts.size(); at = now.nextSetBit(at + 1)) {
                steps++;
                switch (parts.get(at)) {
                    case Part.One one -> {
                        if (one.which().have(character)) {
                            enter(next, at + 1);
                        }
                    }
                    case Part.Any any -> {
                        if (any.slashes() || character != '/') {
                            enter(next, at);
                        }
                    }
                    case Part.Fork _ -> {}
                }
            }
            BitSet before = now;
            now = next;
            next = before;
        }

        /** With all places that this one leads to without a character. */
        private void enter(BitSet places, int first) {
            if (first < parts.size() && parts.get(first) instanceof Part.One) {
                steps++;
                places.set(first);
                return;
            }
            List<Integer> open = new ArrayList<>(List.of(first));
            while (!open.isEmpty()) {
                int at = open.removeLast();
                steps++;
                if (places.get(at) || at == parts.size()) {
                    places.set(at);
                    continue;
                }
                places.set(at);
                switch (parts.get(at)) {
                    case Part.One _ -> {}
                    case Part.Any _ -> open.add(at + 1);
                    case Part.Fork fork -> open.addAll(fork.to());
                }
            }
        }
    }
}
