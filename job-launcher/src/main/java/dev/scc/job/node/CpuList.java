package dev.scc.job.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Lists of processors as sysfs and taskset(1) have them, such as {@code 0-3,8}. */
final class CpuList {
    private static final int NONE = -1;

    private CpuList() {}

    static List<Integer> numbers(String list) {
        List<Integer> all = new ArrayList<>();
        for (String range : list.strip().split(",", -1)) {
            if (!range.isEmpty()) {
                int dash = range.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
                for (int cpu = first; cpu <= last; cpu++) {
                    all.add(cpu);
                }
            }
        }
        return all;
    }

    static String text(Collection<Integer> cpus) {
        StringBuilder text = new StringBuilder();
        int first = NONE;
        int last = NONE;
        for (int cpu : new TreeSet<>(cpus)) {
            if (first == NONE || cpu != last + 1) {
                append(text, first, last);
                first = cpu;
            }
            last = cpu;
        }
        append(text, first, last);
        return text.toString();
    }

    private static void append(StringBuilder text, int first, int last) {
        if (first != NONE) {
            text.append(text.isEmpty() ? "" : ",").append(first).append(last > first ? "-" + last : "");
        }
    }
}
