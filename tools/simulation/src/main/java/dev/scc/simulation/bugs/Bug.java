package dev.scc.simulation.bugs;

import java.util.List;

/**
 * A bug to be planted.
 *
 * @param name of lower-case letters and hyphens
 * @param breaks what is wrong then, in words
 * @param file the source, relative to the repository
 * @param edits what is changed there, 1 or more
 */
public record Bug(String name, String breaks, String file, List<Edit> edits) {
    public Bug {
        if (!name.matches("[a-z]+(-[a-z]+)*")) {
            throw new IllegalArgumentException("name of a planted bug: " + name);
        }
        if (edits.isEmpty()) {
            throw new IllegalArgumentException("planted bug " + name + " changes nothing");
        }
        edits = List.copyOf(edits);
    }

    /**
     * One change.
     *
     * @param from stands in the source exactly once; how it is broken into lines and indented does not matter
     * @param to takes its place
     */
    public record Edit(String from, String to) {}

    /**
     * The source with the bug in it.
     *
     * @throws IllegalArgumentException if the source is no longer what this bug was made for
     */
    String plant(String source) {
        String changed = source;
        for (Edit edit : edits) {
            changed = new Passage(edit.from())
                    .replace(changed, edit.to())
                    .orElseThrow(() -> new IllegalArgumentException("planted bug " + name + ": not exactly once in "
                            + file + ": " + edit.from().strip()));
        }
        return changed;
    }
}
