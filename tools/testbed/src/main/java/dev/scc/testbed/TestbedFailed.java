package dev.scc.testbed;

import dev.scc.host.NodeName;
import java.util.Optional;

/** A step of bringing a testbed up that failed; what was done about it is known only at the edge, which makes the {@link Problem}. */
final class TestbedFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final transient Optional<NodeName> node;
    private final String next;

    TestbedFailed(String what, String why, String next) {
        this(what, Optional.empty(), why, next);
    }

    TestbedFailed(String what, Optional<NodeName> node, String why, String next) {
        super(why);
        this.what = what;
        this.node = node;
        this.next = next;
    }

    Problem problem(String done) {
        return new Problem(what, node, String.valueOf(getMessage()), done, next);
    }
}
