package dev.scc.bench;

/** Something that is measured. */
interface Benchmark {
    /** A line for {@code --list}. */
    String description();

    /** @param quick fewer repetitions, for a first look */
    Result run(boolean quick) throws Exception;
}
