package dev.scc.simulation.mutants;

import java.time.Duration;

/**
 * A test method or a seed of the simulation.
 *
 * @param name {@code seed-7}, or a test's class and method as JUnit writes them: {@code a.b.CTest#method(a.b.Parameter)}
 * @param waits whether it waits for real time to pass, so that a busy machine may make it fail
 */
record Judge(String name, boolean waits) {
    private static final String SEED = "seed-";
    private static final Duration SHORTEST = Duration.ofSeconds(12);
    private static final int PATIENCE = 4;

    static Judge named(String name) {
        return new Judge(name, false);
    }

    static String seed(long number) {
        return SEED + number;
    }

    boolean isSeed() {
        return name.startsWith(SEED);
    }

    /** @throws NumberFormatException if this is a test */
    long seed() {
        return Long.parseLong(name.substring(SEED.length()));
    }

    /** After which time it is taken to hang. */
    static Duration limit(Duration usual) {
        return SHORTEST.plus(usual.multipliedBy(PATIENCE));
    }
}
