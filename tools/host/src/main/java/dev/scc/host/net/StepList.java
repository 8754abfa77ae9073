package dev.scc.host.net;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Several lists of steps, one after the other. A part of it that covers one of them as a whole keeps that one. */
final class StepList extends AbstractList<Step> {
    private final List<List<Step>> segments;
    private final int size;

    private StepList(List<List<Step>> segments) {
        this.segments = segments.stream().filter(segment -> !segment.isEmpty()).toList();
        this.size = this.segments.stream().mapToInt(List::size).sum();
    }

    static List<Step> of(List<List<Step>> segments) {
        return new StepList(segments);
    }

    /** What a list consists of. */
    static List<List<Step>> segments(List<Step> steps) {
        return steps instanceof StepList list ? list.segments : List.of(steps);
    }

    @Override
    public Step get(int index) {
        int rest = Objects.checkIndex(index, size);
        for (List<Step> segment : segments) {
            if (rest < segment.size()) {
                return segment.get(rest);
            }
            rest -= segment.size();
        }
        throw new IndexOutOfBoundsException(index);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<Step> subList(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        List<List<Step>> parts = new ArrayList<>();
        int start = 0;
        for (List<Step> segment : segments) {
            int first = Math.max(from - start, 0);
            int last = Math.min(to - start, segment.size());
            if (first < last) {
                parts.add(first == 0 && last == segment.size() ? segment : segment.subList(first, last));
            }
            start += segment.size();
        }
        return new StepList(parts);
    }
}
