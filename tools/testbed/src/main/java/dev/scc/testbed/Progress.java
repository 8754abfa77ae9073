package dev.scc.testbed;

import dev.scc.host.NodeName;
import java.time.Duration;

/** What happens while a testbed comes up or goes down. */
public sealed interface Progress {
    /** A part of the way is done. */
    record PhaseDone(String name, Duration took) implements Progress {}

    /** A guest runs commands, {@code after} its start. */
    record NodeReady(NodeName node, Duration after) implements Progress {}

    /** Something that a person wants to know: a download, a leftover that was removed, a fall back to emulation. */
    record Note(String text) implements Progress {}
}
