package dev.scc.cli.command;

import dev.scc.cli.view.PlacementView;
import dev.scc.cluster.ClusterName;
import dev.scc.job.JobEvent;
import dev.scc.job.JobSpec;
import dev.scc.job.client.OutputSink;
import java.util.stream.IntStream;

/** Prints where the ranks of a job would start. */
record PlacementSink(Session session, ClusterName cluster, JobSpec spec) implements OutputSink {
    @Override
    public void started(JobEvent.Started started) {
        throw new IllegalStateException("job " + started.job() + " was only to be planned");
    }

    @Override
    public void output(boolean errors, byte[] bytes) {
        // Nothing runs.
    }

    @Override
    public void placed(JobEvent.Placed placed) {
        session.printer()
                .answer(new PlacementView(
                        cluster.value(),
                        placed.mpi().text(),
                        placed.planned().text(),
                        placed.nodes().stream()
                                .map(node -> new PlacementView.Node(
                                        node.node().value(),
                                        IntStream.range(node.first(), node.first() + node.count())
                                                .boxed()
                                                .toList(),
                                        node.cpus(),
                                        node.rdmaDevice()))
                                .toList(),
                        why()));
    }

    private String why() {
        String spread = spec.perNode()
                .map(most -> "blocks of at most " + most + " in the order of the cluster (--per-node)")
                .orElse("an even spread in blocks over all nodes of the cluster");
        return spread
                + spec.found()
                        .mapping()
                        .map(mapping -> ", each rank on a core "
                                + (mapping.oversubscribe() ? "that it may share" : "of its own") + ", in turn by "
                                + mapping.by().toString().toLowerCase(java.util.Locale.ROOT))
                        .orElse(", on any of a node's processors (no --map-by)");
    }
}
