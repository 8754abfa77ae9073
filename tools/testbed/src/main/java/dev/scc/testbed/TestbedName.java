package dev.scc.testbed;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.host.NodeName;
import java.util.Optional;
import java.util.regex.Pattern;

/** A testbed's name, unique on its machine: 1 to 32 lower-case letters, digits and hyphens, not at either end a hyphen. */
public record TestbedName(@JsonValue String value) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    @JsonCreator
    public TestbedName {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "testbed name \"" + value + "\" is not 1 to 32 lower-case letters, digits and hyphens");
        }
    }

    /** Empty if the text is no name of a testbed. */
    static Optional<TestbedName> parse(String text) {
        return NAME.matcher(text).matches() ? Optional.of(new TestbedName(text)) : Optional.empty();
    }

    /** The network namespace that holds the testbed's bridges and its servers. */
    public String namespace() {
        return "scc-" + value;
    }

    /**
     * The network namespace that is a node of this testbed; also the name of what its jobs have on this machine, a cgroup
     * and a directory in {@code /run}. The dot is in no testbed's name.
     */
    public String namespace(NodeName node) {
        return namespace() + "." + node;
    }

    boolean isOfNode(String name) {
        return name.startsWith(namespace() + ".");
    }

    @Override
    public String toString() {
        return value;
    }
}
