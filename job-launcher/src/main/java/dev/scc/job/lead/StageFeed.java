package dev.scc.job.lead;

import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.TerminalSize;
import dev.scc.job.JobLimits;
import dev.scc.job.Refusal;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.rpc.KeeperRpc;
import java.util.List;
import java.util.Optional;

/**
 * Hands what a job brings along on to all of its nodes, a piece at a time: the next is taken from the client when each node has
 * had the one before, so that none is ahead of the slowest by more than what is on its way.
 */
final class StageFeed {
    /** What is beside the bytes of files: paths and modes. */
    private static final long BESIDE = (long) JobLimits.STAGED_FILES * 8_400;

    private StageFeed() {}

    /** Who hears what comes of it meanwhile. */
    interface Told {
        /** One more piece is on its way. */
        void moved();

        /** The window of the terminal that the job is to have has another size. */
        void resized(TerminalSize size);
    }

    /**
     * All of it.
     *
     * @param bytes that its files have together, by what the client said first
     * @param told on the same thread
     * @return why it is not there, if it is not
     */
    static Optional<Refusal> pass(Requests<KeeperRpc.ToJob> client, long bytes, List<NodeSession> sessions, Told told)
            throws InterruptedException {
        try {
            long passed = 0;
            while (true) {
                KeeperRpc.ToJob said = client.next()
                        .orElseThrow(() -> new RpcFailed(RpcFailed.Kind.INVALID, "the client sent no more of it"));
                switch (said) {
                    case KeeperRpc.Staged piece -> {
                        passed += piece.bytes().length();
                        told.moved();
                        if (passed > bytes + BESIDE) {
                            return Optional.of(new Refusal.NotStaged("the client sends more than it said"));
                        }
                        for (NodeSession session : sessions) {
                            session.send(new NodeOrder.StagePiece(piece.bytes()));
                        }
                        Optional<Refusal> failed = failed(sessions);
                        if (failed.isPresent()) {
                            return failed;
                        }
                    }
                    case KeeperRpc.StagedAll all
                    when all.failure().isPresent() -> {
                        return Optional.of(new Refusal.NotStaged(all.failure().get()));
                    }
                    case KeeperRpc.StagedAll _ -> {
                        return end(sessions);
                    }
                    case KeeperRpc.Resize resize -> told.resized(resize.size());
                    case KeeperRpc.Run _, KeeperRpc.Input _ -> {
                        return Optional.of(new Refusal.NotStaged("the client sends something else"));
                    }
                }
            }
        } catch (RpcFailed e) {
            return Optional.of(new Refusal.NotStaged(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return Optional.of(new Refusal.NotStaged("the client was gone before all had come"));
        }
    }

    private static Optional<Refusal> failed(List<NodeSession> sessions) {
        for (NodeSession session : sessions) {
            Optional<String> why = session.staged().flatMap(answer -> answer);
            if (why.isPresent()) {
                return Optional.of(refusal(session, why.get()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> end(List<NodeSession> sessions) throws InterruptedException {
        for (NodeSession session : sessions) {
            session.send(new NodeOrder.EndStage());
        }
        for (NodeSession session : sessions) {
            Optional<String> why = session.awaitStaged();
            if (why.isPresent()) {
                return Optional.of(refusal(session, why.get()));
            }
        }
        return Optional.empty();
    }

    private static Refusal refusal(NodeSession session, String why) {
        return new Refusal.NotStaged("node " + session.node() + ": " + why);
    }
}
