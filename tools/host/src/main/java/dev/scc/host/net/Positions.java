package dev.scc.host.net;

import java.util.AbstractSet;
import java.util.BitSet;
import java.util.Iterator;

/** Positions in a list, a bit each: a plan may have thousands of steps. */
final class Positions extends AbstractSet<Integer> {
    private final BitSet bits = new BitSet();

    /** Those from {@code from} to before {@code to}. */
    void put(int from, int to) {
        bits.set(from, to);
    }

    @Override
    public boolean contains(Object position) {
        return position instanceof Integer number && number >= 0 && bits.get(number);
    }

    @Override
    public Iterator<Integer> iterator() {
        return bits.stream().iterator();
    }

    @Override
    public int size() {
        return bits.cardinality();
    }
}
