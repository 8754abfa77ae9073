package dev.scc.cluster.tree;

import dev.scc.host.Json;

/**
 * What stands at one path.
 *
 * @param version from 0, one more with each change of the text
 * @param owner id of the session that an ephemeral entry lives and dies with; 0 for one that stays
 * @param unread bytes of a text that is larger than an entry of its kind may be, and of which nothing was read; otherwise 0
 */
public record Entry(String text, int version, long owner, int unread) {
    public Entry(String text, int version, long owner) {
        this(text, version, owner, 0);
    }

    /** One that is larger than it may be. */
    public static Entry tooLarge(int bytes, int version, long owner) {
        return new Entry("", version, owner, bytes);
    }

    /**
     * What its text means.
     *
     * @throws IllegalArgumentException if it is too large to be read, or cannot be understood; the message says why
     */
    public <T> T read(Class<T> type) {
        if (unread > 0) {
            throw new IllegalArgumentException("not read: it has " + unread + " bytes");
        }
        return Json.read(text, type);
    }
}
