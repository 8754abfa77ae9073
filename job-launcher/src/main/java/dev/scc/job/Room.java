package dev.scc.job;

/** How many ranks there is room for. Thread-safe. */
public final class Room {
    private int free;

    /** @param size of it, while nothing is in it */
    public Room(int size) {
        free = size;
    }

    /** Takes room for that many, or none; for less than none nobody has room. */
    public synchronized boolean take(int count) {
        if (count < 0 || count > free) {
            return false;
        }
        free -= count;
        return true;
    }

    public synchronized void giveBack(int count) {
        free += count;
    }

    /** How many there is room for now. */
    public synchronized int free() {
        return free;
    }
}
