package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** All clusters, by name. */
public record ClusterList(@JsonValue List<Row> clusters) implements PoolView {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ClusterList {
        clusters = List.copyOf(clusters);
    }

    /** {@code nodes} is how many it has. */
    public record Row(ClusterName cluster, ClusterPhase phase, int nodes) {}

    public static ClusterList of(Collection<ClusterRecord> clusters) {
        return new ClusterList(clusters.stream()
                .map(cluster -> new Row(
                        cluster.name(), cluster.phase(), cluster.members().size()))
                .sorted(Comparator.comparing(Row::cluster))
                .toList());
    }
}
