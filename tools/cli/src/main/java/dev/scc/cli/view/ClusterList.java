package dev.scc.cli.view;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** All clusters, by name. */
public record ClusterList(@JsonValue List<Row> clusters) implements View {
    public ClusterList {
        clusters = List.copyOf(clusters);
    }

    /** {@code nodes} is how many it has. */
    public record Row(String cluster, String phase, int nodes) {}
}
