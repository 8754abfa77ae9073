package dev.scc.job.client;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.host.TerminalSize;
import dev.scc.job.Attachment;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.RankSignal;
import dev.scc.job.files.PieceOutput;
import dev.scc.job.plan.LaunchPlanner;
import dev.scc.job.rpc.JobRpc;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs jobs for a caller outside the cluster. */
public final class JobClient {
    private static final Duration CONNECTING = Duration.ofSeconds(20);
    /** More nodes than that start theirs when the lead calls them. */
    private static final int HINTED = 32;

    private static final int PIECE = 16 << 10;

    private final Connections connections;
    private final Duration connecting;

    /** @param connections by which the caller shows who he is */
    public JobClient(Connections connections) {
        this(connections, CONNECTING);
    }

    /** @param connecting how long an agent or a keeper may take to say its first word */
    public JobClient(Connections connections, Duration connecting) {
        this.connections = connections;
        this.connecting = connecting;
    }

    /**
     * Runs a job to its end.
     *
     * @param roster of the cluster; its first member leads the job
     * @param permit what a server has signed for the caller; empty where certificates do not count
     * @throws RpcFailed if that node's agent or its keeper of jobs cannot be reached, hangs, or declines; or if the keeper is
     *     lost, which ends the job
     * @throws InterruptedException if this thread is interrupted; the job is ended everywhere
     */
    public JobOutcome run(Roster roster, JobSpec spec, Optional<String> permit, OutputSink sink)
            throws RpcFailed, InterruptedException {
        return run(roster, spec, permit, InputStream.nullInputStream(), sink);
    }

    /**
     * The same, with something for rank 0 to read. A read that waits when the job ends goes on waiting: its thread does not
     * keep the process from ending.
     */
    public JobOutcome run(Roster roster, JobSpec spec, Optional<String> permit, InputStream input, OutputSink sink)
            throws RpcFailed, InterruptedException {
        return run(roster, spec, permit, Attachment.BOUND, input, sink);
    }

    /** The same; {@link Attachment#LOOSE} lets the job go on when this client is gone. */
    public JobOutcome run(
            Roster roster,
            JobSpec spec,
            Optional<String> permit,
            Attachment attachment,
            InputStream input,
            OutputSink sink)
            throws RpcFailed, InterruptedException {
        return run(roster, spec, permit, attachment, Supply.of(input), sink);
    }

    /** The same, with all that the caller may have for it. */
    public JobOutcome run(
            Roster roster, JobSpec spec, Optional<String> permit, Attachment attachment, Supply supply, OutputSink sink)
            throws RpcFailed, InterruptedException {
        Member lead = roster.members().getFirst();
        List<Thread> hints = hint(lead, LaunchPlanner.nodes(roster, spec), permit);
        try {
            return run(lead, new KeeperRpc.Run(roster, spec, permit, Optional.of(attachment)), supply, sink);
        } finally {
            hints.forEach(Thread::interrupt);
        }
    }

    /** What became of a job that was to be left alone. */
    public sealed interface Start {

        /** It runs. */
        record Running(JobEvent.Started started) implements Start {}

        /** It was refused, or was over at once. */
        record Over(JobOutcome outcome) implements Start {}
    }

    /** Has a job started that goes on without this client, and has nothing to read. */
    public Start start(Roster roster, JobSpec spec, Optional<String> permit) throws RpcFailed, InterruptedException {
        return start(roster, spec, permit, Optional.empty());
    }

    /** The same, with files that it brings along; until these are there this client is needed. */
    public Start start(Roster roster, JobSpec spec, Optional<String> permit, Optional<Supply.Files> files)
            throws RpcFailed, InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        Member lead = roster.members().getFirst();
        List<Thread> hints = hint(lead, LaunchPlanner.nodes(roster, spec), permit);
        try (RpcChannel channel = connections.to(Peer.keeper(lead.node(), keeper(lead, permit)))) {
            channel.connect(connecting);
            try (RpcCall<KeeperRpc.ToJob, JobEvent> call = channel.open(KeeperRpc.RUN, Optional.empty())) {
                call.send(new KeeperRpc.Run(roster, spec, permit, Optional.of(Attachment.DETACHED)));
                Thread.ofPlatform()
                        .daemon()
                        .name("job-input")
                        .start(() -> feed(call, Supply.none().with(files), over));
                for (Optional<JobEvent> event = call.next(); event.isPresent(); event = call.next()) {
                    switch (event.get()) {
                        case JobEvent.Started started -> {
                            return new Start.Running(started);
                        }
                        case JobEvent.Ended ended -> {
                            return new Start.Over(ended.outcome());
                        }
                        // Of no interest here; what is written is kept by the lead.
                        case JobEvent.Output _, JobEvent.Placed _, JobEvent.Collected _, JobEvent.CollectedAll _ -> {}
                    }
                }
            }
            throw new RpcFailed(RpcFailed.Kind.FAILED, "the lead node did not say what became of the job");
        } finally {
            over.set(true);
            hints.forEach(Thread::interrupt);
        }
    }

    /** The jobs that a node of the cluster leads and has led, the latest first, as far as the caller may see them. */
    public List<JobRecord> jobs(Member lead, Optional<String> permit) throws RpcFailed, InterruptedException {
        return ask(lead, permit, KeeperRpc.JOBS, new KeeperRpc.AskJobs(Optional.empty()));
    }

    /** One of them. */
    public JobRecord job(Member lead, Optional<String> permit, JobId job) throws RpcFailed, InterruptedException {
        return ask(lead, permit, KeeperRpc.JOBS, new KeeperRpc.AskJobs(Optional.of(job)))
                .getFirst();
    }

    /** Has it ended, unless it is over. Does not wait for that. */
    public JobRecord cancel(Member lead, Optional<String> permit, JobId job) throws RpcFailed, InterruptedException {
        return ask(lead, permit, KeeperRpc.CANCEL, new KeeperRpc.OfJob(job)).getFirst();
    }

    /** Sends its ranks a signal. */
    public JobRecord signal(Member lead, Optional<String> permit, JobId job, RankSignal signal)
            throws RpcFailed, InterruptedException {
        return ask(lead, permit, KeeperRpc.SIGNAL, new KeeperRpc.Signalled(job, signal))
                .getFirst();
    }

    private <Q> List<JobRecord> ask(
            Member lead, Optional<String> permit, RpcMethod<Q, KeeperRpc.Jobs> method, Q question)
            throws RpcFailed, InterruptedException {
        try (RpcChannel channel = connections.to(Peer.keeper(lead.node(), keeper(lead, permit)))) {
            channel.connect(connecting);
            return channel.call(method, question, connecting).jobs();
        }
    }

    /**
     * Hands over what a job writes, and returns what it is in the end. It does not matter to the job.
     *
     * @param labels whether each line says which rank wrote it
     */
    public KeeperRpc.Now follow(
            Member lead, Optional<String> permit, KeeperRpc.Follow what, boolean labels, OutputSink sink)
            throws RpcFailed, InterruptedException {
        try (RpcChannel channel = connections.to(Peer.keeper(lead.node(), keeper(lead, permit)))) {
            channel.connect(connecting);
            WholeLines lines = new WholeLines(labels, sink::output);
            try (RpcCall<KeeperRpc.Follow, KeeperRpc.Followed> call =
                    channel.open(KeeperRpc.FOLLOW, Optional.empty())) {
                call.send(what);
                call.sendNoMore();
                for (Optional<KeeperRpc.Followed> told = call.next(); told.isPresent(); told = call.next()) {
                    switch (told.get()) {
                        case KeeperRpc.Said said -> {
                            if (!sink.take(said.output())) {
                                lines.take(said.output());
                            }
                        }
                        case KeeperRpc.Now now -> {
                            lines.flush();
                            return now;
                        }
                    }
                }
            }
        }
        throw new RpcFailed(RpcFailed.Kind.FAILED, "node " + lead.node() + " did not say what became of the job");
    }

    /** The other nodes may start their keepers, if they have none yet, while the lead starts its own. */
    private List<Thread> hint(Member lead, List<Member> nodes, Optional<String> permit) {
        return nodes.stream()
                .filter(node -> !node.equals(lead))
                .limit(HINTED)
                .map(node -> Thread.ofVirtual().name("job-hint").start(() -> {
                    try {
                        keeper(node, permit);
                    } catch (RpcFailed | InterruptedException e) {
                        // The lead will find out, too, and say so.
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();
    }

    private JobOutcome run(Member lead, KeeperRpc.Run request, Supply supply, OutputSink sink)
            throws RpcFailed, InterruptedException {
        try (RpcChannel channel = connections.to(Peer.keeper(lead.node(), keeper(lead, request.permit())))) {
            channel.connect(connecting);
            try (RpcCall<KeeperRpc.ToJob, JobEvent> call = channel.open(KeeperRpc.RUN, Optional.empty())) {
                call.send(request);
                AtomicBoolean over = new AtomicBoolean();
                Thread.ofPlatform().daemon().name("job-input").start(() -> feed(call, supply, over));
                supply.window().onResize(size -> resized(call, size));
                try {
                    return follow(call, request.spec(), sink);
                } finally {
                    over.set(true);
                }
            }
        }
    }

    /** Waits where the job does not read: a call takes no more than the other side asks for. */
    private static void feed(RpcCall<KeeperRpc.ToJob, JobEvent> call, Supply supply, AtomicBoolean over) {
        byte[] buffer = new byte[PIECE];
        try {
            stage(call, supply.files(), over);
            InputStream input = supply.input();
            for (int count = input.read(buffer); count >= 0 && !over.get(); count = input.read(buffer)) {
                call.send(new KeeperRpc.Input(Bytes.of(buffer, 0, count)));
            }
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt(); // What cannot be read is at its end.
        }
        call.sendNoMore();
    }

    private static void stage(RpcCall<KeeperRpc.ToJob, JobEvent> call, Optional<Supply.Files> files, AtomicBoolean over)
            throws InterruptedException {
        if (files.isEmpty()) {
            return;
        }
        Optional<String> failure = Optional.empty();
        try {
            PieceOutput out = new PieceOutput(piece -> {
                if (over.get()) {
                    throw new InterruptedException("the job is over");
                }
                call.send(new KeeperRpc.Staged(piece));
            });
            files.get().write(out);
            out.flush();
        } catch (InterruptedIOException e) {
            throw new InterruptedException(e.getMessage());
        } catch (IOException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
        call.send(new KeeperRpc.StagedAll(failure));
    }

    private static void resized(RpcCall<KeeperRpc.ToJob, JobEvent> call, TerminalSize size) {
        try {
            call.send(new KeeperRpc.Resize(size));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Whoever told of it is to end.
        }
    }

    private String keeper(Member member, Optional<String> permit) throws RpcFailed, InterruptedException {
        try (RpcChannel agent = connections.to(Peer.agent(member.node(), member.agent()))) {
            // One that hangs is not waited for as long as one that starts a keeper.
            agent.connect(connecting);
            return agent.call(JobRpc.PLACE, new JobRpc.Ask(member.node(), permit), JobRpc.PLACING)
                    .address();
        }
    }

    private static JobOutcome follow(RpcCall<KeeperRpc.ToJob, JobEvent> call, JobSpec spec, OutputSink sink)
            throws RpcFailed, InterruptedException {
        WholeLines lines = new WholeLines(spec.prefix(), sink::output);
        boolean asItComes = !spec.prefix();
        for (Optional<JobEvent> event = call.next(); event.isPresent(); event = call.next()) {
            switch (event.get()) {
                case JobEvent.Started started -> {
                    asItComes &= started.ranks() == 1;
                    sink.started(started);
                }
                case JobEvent.Output output -> {
                    if (sink.take(output)) {
                        continue;
                    }
                    if (asItComes) {
                        sink.output(output.errors(), output.bytes().toArray());
                    } else {
                        lines.take(output);
                    }
                }
                case JobEvent.Placed placed -> sink.placed(placed);
                case JobEvent.Collected piece -> sink.collected(piece);
                case JobEvent.CollectedAll all -> sink.collectedAll(all);
                case JobEvent.Ended ended -> {
                    lines.flush();
                    return ended.outcome();
                }
            }
        }
        throw new RpcFailed(RpcFailed.Kind.FAILED, "the lead node did not say how the job ended");
    }
}
