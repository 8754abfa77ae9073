package dev.scc.cluster.agent;

/**
 * Something on a node that bears our mark and belongs to nothing.
 *
 * @param what it is, such as {@code link:eni0}
 * @param why it belongs to nothing
 * @param problem why it could not be removed; empty if it was, or if nobody tried
 */
public record Found(String what, String why, String problem) {

    public static Found of(String what, String why) {
        return new Found(what, why, "");
    }

    public Found withProblem(String text) {
        return new Found(what, why, text);
    }
}
