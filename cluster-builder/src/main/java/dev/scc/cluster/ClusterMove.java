package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.host.NodeName;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What brings a cluster a step further: from building over use to its end. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface ClusterMove {

    /** All members have built their part; it is verified now. */
    @JsonTypeName("Built")
    record Built() implements ClusterMove {}

    /** It is as its owner wants it. */
    @JsonTypeName("Ready")
    record Ready() implements ClusterMove {}

    /** It could not be built, and what there is stays. */
    @JsonTypeName("Failed")
    record Failed(String why) implements ClusterMove {}

    /** It could not be built, and all members leave. */
    @JsonTypeName("RolledBack")
    record RolledBack(String why) implements ClusterMove {}

    /**
     * Other nodes take the place of some members.
     *
     * @param nodes those that go; none if the cluster is merely filled up
     * @param by those that join
     * @param why what they failed at, if that is why they go
     */
    @JsonTypeName("Replaced")
    record Replaced(Set<NodeName> nodes, Set<NodeName> by, Optional<String> why) implements ClusterMove {
        public Replaced {
            nodes = sorted(nodes);
            by = sorted(by);
        }
    }

    /** Those who joined leave again, because the change failed. */
    @JsonTypeName("BackedOut")
    record BackedOut(Set<NodeName> nodes, String why) implements ClusterMove {
        public BackedOut {
            nodes = sorted(nodes);
        }
    }

    /** Those who joined are out again, and those who stayed are in order. */
    @JsonTypeName("Restored")
    record Restored() implements ClusterMove {}

    /** It is in use, and not in order. */
    @JsonTypeName("Degraded")
    record Degraded(String why) implements ClusterMove {}

    /** Nobody can take the place of members that are missing. */
    @JsonTypeName("Waiting")
    record Waiting(String why) implements ClusterMove {}

    /** All members are there again; it is verified now. */
    @JsonTypeName("WholeAgain")
    record WholeAgain() implements ClusterMove {}

    /**
     * There is no such cluster any more.
     *
     * @param left something may be left on nodes that were not there to clean up
     */
    @JsonTypeName("Gone")
    record Gone(boolean left) implements ClusterMove {}

    private static Set<NodeName> sorted(Set<NodeName> nodes) {
        return Collections.unmodifiableSet(new TreeSet<>(nodes));
    }
}
