package dev.scc.cli.view;

import dev.scc.cluster.ClusterName;
import java.util.List;

/** A cluster in the words of another program. */
public record ExportView(ClusterName cluster, List<File> files) implements View {
    public ExportView {
        files = List.copyOf(files);
    }

    /** @param path where it was written; empty if it was not */
    public record File(String path, String text) {}
}
