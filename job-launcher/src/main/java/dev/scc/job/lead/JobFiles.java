package dev.scc.job.lead;

import dev.scc.cluster.rpc.Requests;
import dev.scc.host.TerminalSize;
import dev.scc.job.JobEvent;
import dev.scc.job.Refusal;
import dev.scc.job.Stage;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.rpc.KeeperRpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What a job brings along, and what it leaves for its caller, on the way to and from its nodes. For one job's thread. */
final class JobFiles {
    private final Switchboard switchboard;
    private final List<JobEvent.CollectedAll> missing = new ArrayList<>();
    private volatile Optional<TerminalSize> resized = Optional.empty();

    JobFiles(Switchboard switchboard) {
        this.switchboard = switchboard;
    }

    /** Hands it on to all nodes. Returns why it is not there, if it is not. */
    Optional<Refusal> bring(Requests<KeeperRpc.ToJob> client, Stage stage, List<NodeSession> sessions)
            throws InterruptedException {
        AtomicLong pieces = new AtomicLong();
        StageFeed.Told told = new StageFeed.Told() {
            @Override
            public void moved() {
                pieces.incrementAndGet();
            }

            @Override
            public void resized(TerminalSize size) {
                resized = Optional.of(size);
            }
        };
        FileTransfer transfer = new FileTransfer(
                switchboard.occurrences(), JobFiles::cancelledOrLost, pieces::get, FileTransfer.PATIENCE);
        return switch (transfer.await(() -> StageFeed.pass(client, stage.bytes(), sessions, told))) {
            case FileTransfer.Result.Done<Optional<Refusal>> done -> done.what();
            case FileTransfer.Result.GivenUp<Optional<Refusal>> given ->
                Optional.of(new Refusal.NotStaged(given.why()));
        };
    }

    /** Passes what nodes have of it on to the caller. */
    void collect(List<NodeSession> sessions) throws InterruptedException {
        // What has led to the job's end does not end this, too.
        switchboard.occurrences().clear();
        FileTransfer transfer = new FileTransfer(
                switchboard.occurrences(), JobFiles::cancelled, switchboard::collected, FileTransfer.PATIENCE);
        FileTransfer.Result<Boolean> result = transfer.await(() -> {
            for (NodeSession session : sessions) {
                session.send(new NodeOrder.Collect());
            }
            for (NodeSession session : sessions) {
                session.awaitCollected();
            }
            return true;
        });
        String unknown = switch (result) {
            case FileTransfer.Result.Done<Boolean> _ -> "";
            case FileTransfer.Result.GivenUp<Boolean> given -> given.why();
        };
        for (NodeSession session : sessions) {
            session.collected()
                    .orElse(Optional.of(unknown))
                    .ifPresent(why -> missing.add(new JobEvent.CollectedAll(session.node(), Optional.of(why))));
        }
    }

    private static Optional<String> cancelled(Occurrence occurrence) {
        return occurrence instanceof Occurrence.Cancelled cancelled ? Optional.of(cancelled.why()) : Optional.empty();
    }

    private static Optional<String> cancelledOrLost(Occurrence occurrence) {
        return switch (occurrence) {
            case Occurrence.NodeLeaves leaves -> Optional.of(leaves.why());
            case Occurrence.NodeLost lost -> Optional.of("node " + lost.node() + " was lost: " + lost.why());
            default -> cancelled(occurrence);
        };
    }

    /** Nodes that have not sent all, each with the reason. */
    List<JobEvent.CollectedAll> missing() {
        return List.copyOf(missing);
    }

    /** The latest size of the caller's window that came with the files, if one did. */
    Optional<TerminalSize> resized() {
        return resized;
    }
}
