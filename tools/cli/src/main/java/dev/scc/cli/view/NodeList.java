package dev.scc.cli.view;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** All nodes of the pool, in the order of their numbers. */
public record NodeList(@JsonValue List<Row> nodes) implements View {
    public NodeList {
        nodes = List.copyOf(nodes);
    }

    /**
     * @param state {@code Free}, {@code Assigned}, {@code Cordoned}, {@code Lost} or {@code Dirty}
     * @param cluster empty if none
     * @param outOfService why no cluster is given to it from now on; empty while it is in service
     */
    public record Row(
            String name, String state, String cluster, List<String> rdmaDevices, int enis, String outOfService) {
        public Row {
            rdmaDevices = List.copyOf(rdmaDevices);
        }
    }
}
