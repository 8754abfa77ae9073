package dev.scc.job.rpc;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.host.Later;
import dev.scc.host.TerminalSize;
import dev.scc.job.Attachment;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobLimits;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.RankSignal;
import dev.scc.job.node.NodeEvent;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.node.Stubborn;
import java.util.List;
import java.util.Optional;

/** The methods of a keeper: the first seven are for jobs and those who run them, the others for its node's agent. */
public final class KeeperRpc {
    public static final String SERVICE = "scc.JobKeeper";

    /** A client runs a job; the lead node's keeper serves the call. */
    public static final RpcMethod<ToJob, JobEvent> RUN = RpcMethod.bidirectional(
                    SERVICE, "Run", Access.USERS, ToJob.class, JobEvent.class)
            .about(said ->
                    said instanceof Run run ? "run a job on " + run.roster().cluster() : "");

    /** The jobs that the node leads and has led. */
    public static final RpcMethod<AskJobs, Jobs> JOBS =
            RpcMethod.unary(SERVICE, "Jobs", Access.USERS, AskJobs.class, Jobs.class);

    /** What a job has written and writes, and last what it is. */
    public static final RpcMethod<Follow, Followed> FOLLOW =
            RpcMethod.streaming(SERVICE, "Follow", Access.USERS, Follow.class, Followed.class);

    /** Has a job ended. Returns at once what it is by then. */
    public static final RpcMethod<OfJob, Jobs> CANCEL = RpcMethod.unary(
                    SERVICE, "Cancel", Access.USERS, OfJob.class, Jobs.class)
            .about(ask -> "cancel " + ask.job());

    /** Sends the ranks of a job that runs a signal. Returns what it is then. */
    public static final RpcMethod<Signalled, Jobs> SIGNAL =
            RpcMethod.unary(SERVICE, "Signal", Access.USERS, Signalled.class, Jobs.class);

    /** The lead has a part of a job carried out by a node; the part lives no longer than the call. */
    public static final RpcMethod<NodeOrder, NodeEvent> TAKE_PART =
            RpcMethod.bidirectional(SERVICE, "TakePart", Access.KEEPERS, NodeOrder.class, NodeEvent.class);

    /** The lead and a node assure each other that they live. */
    public static final RpcMethod<Beat, Beat> BEAT =
            RpcMethod.unary(SERVICE, "Beat", Access.KEEPERS, Beat.class, Beat.class);

    /** Ends all jobs with a part on the node, because it leaves their cluster. Returns when they have ended or will not. */
    public static final RpcMethod<EndAll, Stubborn> END_ALL =
            RpcMethod.unary(SERVICE, "EndAll", Access.AGENTS, EndAll.class, Stubborn.class);

    /** What jobs without a part on the node have left there. */
    public static final RpcMethod<Look, Looked> LEFTOVERS =
            RpcMethod.unary(SERVICE, "Leftovers", Access.AGENTS, Look.class, Looked.class);

    /** The agent is there. A keeper without jobs ends when it has not heard that for a minute. */
    public static final RpcMethod<Attend, Attended> ATTEND =
            RpcMethod.unary(SERVICE, "Attend", Access.AGENTS, Attend.class, Attended.class);

    private KeeperRpc() {}

    /** What a client says: {@link Run} first, then the files of its stage, then the job's standard input; when no more comes, that is at its end. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    public sealed interface ToJob {}

    /**
     * What is to run.
     *
     * @param roster of the cluster to run on; its first member leads the job
     * @param permit what a server has signed for the caller; empty where certificates do not count
     * @param attachment of the client; empty for {@link Attachment#BOUND}
     */
    public record Run(
            Roster roster,
            JobSpec spec,
            Optional<String> permit,
            @Later Optional<Attachment> attachment) implements ToJob {}

    /** @param job the only one that is asked for; empty for all that the caller may see */
    public record AskJobs(Optional<JobId> job) {}

    public record OfJob(JobId job) {}

    public record Signalled(JobId job, RankSignal signal) {}

    /** @param jobs the latest first */
    public record Jobs(List<JobRecord> jobs) {
        public Jobs {
            jobs = List.copyOf(jobs);
        }
    }

    /**
     * How to follow a job.
     *
     * @param output what is told of what it writes
     * @param toTheEnd whether that goes on until the job is over
     */
    public record Follow(JobId job, Which output, boolean toTheEnd) {}

    /** Which output. */
    public enum Which {
        NONE,
        /** What is written from now on. */
        NEW,
        ALL
    }

    /** What is told of a job that is followed. The last one is {@link Now}. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    public sealed interface Followed {}

    /** It wrote something. */
    public record Said(JobEvent.Output output) implements Followed {}

    /**
     * What it is.
     *
     * @param skipped bytes of its output that are not kept any more
     */
    public record Now(JobRecord record, long skipped) implements Followed {}

    /** A piece of standard input, for rank 0. */
    public record Input(Bytes bytes) implements ToJob {}

    /** The next piece of the files that the job brings along. */
    public record Staged(Bytes bytes) implements ToJob {
        public Staged {
            JobLimits.piece(bytes);
        }
    }

    /**
     * There are no more; what follows is input.
     *
     * @param failure why these are not all, so that the job is not to start; empty if they are
     */
    public record StagedAll(Optional<String> failure) implements ToJob {}

    /** The window of the caller's terminal, which rank 0 has one for, has another size now. */
    public record Resize(TerminalSize size) implements ToJob {}

    /** A sign of life, and its answer. */
    public record Beat(JobId job) {}

    /** @param why as a sentence that names the node, for those who run the jobs */
    public record EndAll(String why) {}

    /** @param remove whether what is found is removed, too */
    public record Look(boolean remove) {}

    /** What was found. */
    public record Looked(List<NodeLeftover> found) {
        public Looked {
            found = List.copyOf(found);
        }
    }

    /** @param endIfIdle whether the keeper is to end if it has no jobs on any of its nodes */
    public record Attend(boolean endIfIdle) {}

    /** @param ends whether it has no jobs and takes none any more */
    public record Attended(boolean ends) {}
}
