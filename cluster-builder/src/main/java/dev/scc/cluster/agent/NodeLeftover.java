package dev.scc.cluster.agent;

/**
 * Something on a node that bears our mark and belongs to nothing.
 *
 * @param what it is, such as {@code link:eni0}
 * @param why it belongs to nothing
 * @param problem why it could not be removed; empty if it was, or if nobody tried
 */
public record NodeLeftover(String what, String why, String problem) {

    public static NodeLeftover of(String what, String why) {
        return new NodeLeftover(what, why, "");
    }

    public NodeLeftover withProblem(String text) {
        return new NodeLeftover(what, why, text);
    }
}
