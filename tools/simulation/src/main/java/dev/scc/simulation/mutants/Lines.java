package dev.scc.simulation.mutants;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which lines of the classes that may be mutated are executed. Safe for use by any thread, which may lose a hit in a race. */
public final class Lines {
    private static final int MOST = 1 << 16;
    private static final boolean[] HITS = new boolean[MOST];
    private static final Map<String, Integer> NUMBERS = new HashMap<>();
    private static final List<String> NAMES = new ArrayList<>();

    private Lines() {}

    /** Called by classes that were changed to do so. */
    public static void hit(int line) {
        HITS[line] = true;
    }

    static synchronized int number(String line) {
        return NUMBERS.computeIfAbsent(line, name -> {
            NAMES.add(name);
            return NAMES.size() - 1;
        });
    }

    /** Those executed since this was called last. */
    static synchronized Set<String> taken() {
        Set<String> taken = new TreeSet<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (HITS[i]) {
                taken.add(NAMES.get(i));
                HITS[i] = false;
            }
        }
        return taken;
    }
}
