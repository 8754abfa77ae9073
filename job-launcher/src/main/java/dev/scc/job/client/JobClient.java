package dev.scc.job.client;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.job.Attachment;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.RankSignal;
import dev.scc.job.Tasks;
import dev.scc.job.plan.LaunchPlanner;
import dev.scc.job.rpc.KeeperRpc;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Runs jobs for a caller outside the cluster. A job whose spec has the id of a request is asked for again where the first word of
 * its lead is lost with the connection; it is started once all the same.
 */
public final class JobClient {
    private static final Duration CONNECTING = Duration.ofSeconds(20);
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final Connections connections;
    private final Duration connecting;
    private final Tasks tasks;
    private final KeeperPlaces places;

    /** @param connections by which the caller shows who he is */
    public JobClient(Connections connections) {
        this(connections, CONNECTING);
    }

    /** @param connecting how long an agent or a keeper may take to say its first word */
    public JobClient(Connections connections, Duration connecting) {
        this(connections, connecting, Tasks.ofThreads());
    }

    /** @param tasks how it waits */
    public JobClient(Connections connections, Duration connecting, Tasks tasks) {
        this.tasks = tasks;
        this.connections = connections;
        this.connecting = connecting;
        places = new KeeperPlaces(connections, connecting, tasks);
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
        KeeperRpc.Run request = new KeeperRpc.Run(roster, spec, permit, Optional.of(attachment));
        return ask(request, supply, heard -> follow(heard, spec, sink));
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
        KeeperRpc.Run request = new KeeperRpc.Run(roster, spec, permit, Optional.of(Attachment.DETACHED));
        return ask(request, Supply.none().with(files), JobClient::awaitStart);
    }

    private static Start awaitStart(Submission.Heard heard) throws RpcFailed, InterruptedException {
        for (Optional<JobEvent> event = heard.next(); event.isPresent(); event = heard.next()) {
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
        throw new RpcFailed(RpcFailed.Kind.FAILED, "the lead node did not say what became of the job");
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
        try (RpcChannel channel = connections.to(Peer.keeper(lead.node(), places.of(lead, permit)))) {
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
        try (RpcChannel channel = connections.to(Peer.keeper(lead.node(), places.of(lead, permit)))) {
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

    /**
     * Asks for a job; and again, under the id of its request, where the connection was lost before anything was heard of the job,
     * which may have begun.
     */
    private <T> T ask(KeeperRpc.Run request, Supply supply, Submission.Listening<T> listening)
            throws RpcFailed, InterruptedException {
        Member lead = request.roster().members().getFirst();
        List<Member> nodes = LaunchPlanner.nodes(request.roster(), request.spec());
        Optional<String> id = request.spec().request();
        boolean sent = false;
        OptionalLong lost = OptionalLong.empty();
        while (true) {
            Submission submission = new Submission(tasks, supply);
            try (RpcChannel channel =
                    connections.to(Peer.keeper(lead.node(), places.ofLead(lead, nodes, request.permit())))) {
                channel.connect(connecting);
                return submission.make(channel, request, listening);
            } catch (RpcFailed e) {
                sent |= submission.sent();
                boolean unknown = e.kind() == RpcFailed.Kind.UNREACHABLE || e.kind() == RpcFailed.Kind.TIMED_OUT;
                if (id.isEmpty() || !sent || submission.heard() || !unknown) {
                    throw e;
                }
                lost = OptionalLong.of(lost.orElse(tasks.nanos()));
                if (tasks.nanos() - lost.getAsLong() > connecting.toNanos()) {
                    throw new RpcFailed(
                            e.kind(),
                            e.getMessage()
                                    + "; whether the job was started is not known, and who asks again under request"
                                    + " id " + id.get() + " finds out");
                }
            }
            tasks.sleep(AGAIN);
        }
    }

    private static JobOutcome follow(Submission.Heard heard, JobSpec spec, OutputSink sink)
            throws RpcFailed, InterruptedException {
        WholeLines lines = new WholeLines(spec.prefix(), sink::output);
        boolean asItComes = !spec.prefix();
        for (Optional<JobEvent> event = heard.next(); event.isPresent(); event = heard.next()) {
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
