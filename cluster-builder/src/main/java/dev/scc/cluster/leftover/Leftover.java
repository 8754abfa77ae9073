package dev.scc.cluster.leftover;

import java.util.List;

/** Something in the tree that belongs to nothing. */
public sealed interface Leftover {

    /** What it is, in words; no two leftovers of a tree have the same. */
    String what();

    /** What it should belong to, and why it does not. */
    String why();

    /** Entries, those below others first. */
    record Entries(String what, String why, List<String> paths) implements Leftover {
        public Entries {
            paths = List.copyOf(paths);
        }
    }

    /** A number that is taken by nobody. */
    record Network(int number, String why) implements Leftover {
        @Override
        public String what() {
            return "network " + number + " in the pools";
        }
    }
}
