package dev.scc.simulation;

import java.util.Optional;

/** One seed of the simulation as a judge of the code that it runs. */
public final class SeedJudge {
    private SeedJudge() {}

    /** Which promise the seed breaks, or how it fails; empty if all is well. */
    public static Optional<String> verdict(long seed) {
        return Seed.run(seed, Trace::silent).broken().map(String::valueOf);
    }
}
