package dev.scc.cli.failure;

/**
 * A failure as its reader needs it. Whatever does not apply is empty.
 *
 * @param what failed, such as {@code create of cluster demo}
 * @param node where
 * @param step at which
 * @param why the cause, in the words of what refused
 * @param done what was done about it, such as {@code rolled back on every node}
 * @param next what to do now; a command where there is one
 */
public record Problem(String what, String node, String step, String why, String done, String next) {

    public static Problem of(String what, String why, String next) {
        return new Problem(what, "", "", why, "", next);
    }
}
