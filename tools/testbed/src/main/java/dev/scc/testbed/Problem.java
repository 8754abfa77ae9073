package dev.scc.testbed;

import dev.scc.host.NodeName;
import java.util.Optional;

/**
 * Why a testbed did not come up.
 *
 * @param what failed
 * @param node where, if it was one node
 * @param why the cause, with the last lines of the console or log where there is one
 * @param done what was done about it
 * @param next what to do next
 */
public record Problem(String what, Optional<NodeName> node, String why, String done, String next) {
    @Override
    public String toString() {
        return what + node.map(n -> " (" + n + ")").orElse("") + ": " + why + ". " + done + ". " + next;
    }
}
