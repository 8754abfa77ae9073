package dev.scc.job.node;

import dev.scc.cluster.rpc.Answers;
import dev.scc.job.ProcessEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Ranks of a job on this node that a launcher has started, as the agent's socket hears of them. Its news go to the lead. */
final class LaunchedRanks implements AgentSocket.Listener {
    private final int most;
    private final Path directory;
    private final JobUser user;
    private final Answers<NodeEvent> lead;
    private final Map<Integer, RankStreams> ranks = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param most how many the job has on this node
     * @param directory of the job, its user's, where they have their streams
     */
    LaunchedRanks(int most, Path directory, JobUser user, Answers<NodeEvent> lead) {
        this.most = most;
        this.directory = directory;
        this.user = user;
        this.lead = lead;
    }

    @Override
    public void rshWanted(int request, String host, String command) throws InterruptedException {
        lead.send(new NodeEvent.RshWanted(request, host, command));
    }

    @Override
    public void exceeded(String why) throws InterruptedException {
        lead.send(new NodeEvent.Excess(why));
    }

    @Override
    public void rshGone(int request) throws InterruptedException {
        lead.send(new NodeEvent.RshGone(request));
    }

    @Override
    public void rankStarted(int rank) throws IOException {
        if (rank < 0 || (ranks.size() >= most && !ranks.containsKey(rank))) {
            throw new IOException("the job has " + most + " ranks here, and all of them have streams");
        }
        RankStreams begun = RankStreams.open(
                directory.resolve("rank-" + rank),
                user,
                (errors, bytes) -> lead.send(new NodeEvent.RankOutput(rank, errors, bytes)));
        Optional.ofNullable(ranks.put(rank, begun)).ifPresent(RankStreams::stop);
    }

    @Override
    public void rankEnded(int rank, Optional<ProcessEnd> badly) throws InterruptedException {
        RankStreams streams = ranks.get(rank);
        if (streams != null) {
            streams.drain();
        }
        if (badly.isPresent()) {
            lead.send(new NodeEvent.RankFailed(rank, badly.get()));
        }
    }

    /** Nothing more is read of what they write. */
    void stop() {
        ranks.values().forEach(RankStreams::stop);
    }
}
