package dev.scc.cluster;

import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * Something that went wrong, in full.
 *
 * @param what failed, such as {@code create demo}
 * @param node where, if it was on one
 * @param step which of its steps, if it was one
 * @param why the first cause
 * @param done what was done about it
 * @param next what to do now; may be empty
 * @param left what is left behind, with the nodes; empty if nothing is
 */
public record Failure(
        String what,
        Optional<NodeName> node,
        Optional<String> step,
        String why,
        String done,
        String next,
        List<String> left) {
    public Failure {
        left = List.copyOf(left);
    }

    /** The step that {@link #ofVerification} knows. */
    public static final String VERIFY = "verify";

    /** Whether it was the fabric that did not work, and not a node's part of it. */
    public boolean ofVerification() {
        return step.equals(Optional.of(VERIFY));
    }

    public static Failure of(String what, String why) {
        return new Failure(what, Optional.empty(), Optional.empty(), why, "", "", List.of());
    }

    public Failure at(NodeName where, String which) {
        return new Failure(what, Optional.of(where), Optional.of(which), why, done, next, left);
    }

    public Failure ending(String whatWasDone, String whatNext, List<String> whatIsLeft) {
        return new Failure(what, node, step, why, whatWasDone, whatNext, whatIsLeft);
    }
}
