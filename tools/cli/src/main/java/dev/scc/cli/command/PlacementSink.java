package dev.scc.cli.command;

import dev.scc.cli.view.PlacementView;
import dev.scc.cluster.ClusterName;
import dev.scc.job.JobEvent;
import dev.scc.job.JobSpec;
import dev.scc.job.Launcher;
import dev.scc.job.RankSeat;
import dev.scc.job.client.OutputSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
                        placed.launcher().map(Launcher::text),
                        placed.nodes().stream().map(this::node).toList(),
                        why()));
    }

    private PlacementView.Node node(JobEvent.NodeRanks node) {
        List<Integer> ranks = IntStream.range(node.first(), node.first() + node.count())
                .boxed()
                .toList();
        List<PlacementView.Seat> seats = new ArrayList<>();
        for (int i = 0; i < ranks.size(); i++) {
            // A node of before does not tell of them.
            Optional<RankSeat> seat =
                    i < node.seats().size() ? Optional.of(node.seats().get(i)) : Optional.empty();
            seats.add(new PlacementView.Seat(
                    ranks.get(i),
                    seat.flatMap(RankSeat::numa),
                    seat.flatMap(RankSeat::nearest),
                    RankReason.of(spec.found().mapping(), seat, node.rdmaDevice())));
        }
        return new PlacementView.Node(node.node().value(), ranks, node.cpus(), node.rdmaDevice(), seats);
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
                                + mapping.by().toString().toLowerCase(Locale.ROOT))
                        .orElse(", on any of a node's processors (no --map-by)");
    }
}
