package dev.scc.host.net;

import java.util.AbstractList;
import java.util.Objects;

/** The steps that add or remove a whole part of {@link SharedObjects}, in the order of their keys. */
final class SharedSteps extends AbstractList<Step> {
    private final SharedObjects.Part part;
    private final boolean add;

    SharedSteps(SharedObjects.Part part, boolean add) {
        this.part = part;
        this.add = add;
    }

    SharedObjects.Part part() {
        return part;
    }

    boolean add() {
        return add;
    }

    @Override
    public Step get(int index) {
        return part.step(add, Objects.checkIndex(index, part.size()));
    }

    @Override
    public int size() {
        return part.size();
    }
}
