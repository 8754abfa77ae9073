package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.Later;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All clusters, by name. */
public record ClusterList(@JsonValue List<Row> clusters) implements PoolView {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ClusterList {
        clusters = List.copyOf(clusters);
    }

    /**
     * One cluster.
     *
     * @param nodes how many it has
     * @param owner whose it is, such as {@code user:ada}; empty if that is nobody in particular
     */
    public record Row(
            ClusterName cluster,
            ClusterPhase phase,
            int nodes,
            @Later Optional<Principal> owner) {}

    public static ClusterList of(Collection<ClusterRecord> clusters) {
        return new ClusterList(clusters.stream()
                .map(cluster -> new Row(
                        cluster.name(), cluster.phase(), cluster.members().size(), cluster.owner()))
                .sorted(Comparator.comparing(Row::cluster))
                .toList());
    }
}
