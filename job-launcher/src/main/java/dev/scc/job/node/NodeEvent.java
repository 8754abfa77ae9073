package dev.scc.job.node;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import dev.scc.job.JobLimits;
import dev.scc.job.ProcessEnd;
import dev.scc.job.RankSeat;
import java.util.List;
import java.util.Optional;

/** What a node of a job tells the lead. The first is {@link Opened}, the last {@link Closed}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface NodeEvent {

    /**
     * The node is ready for processes.
     *
     * @param pmiPort on 127.0.0.1
     * @param gidIndex of the segment's GID now
     * @param hasDirectory whether the job's working directory is there
     * @param vpcPort where it can be reached in the cluster's VPC; empty if that was not asked for
     * @param cpus that each of the node's ranks is bound to; empty if that was not asked for
     * @param trafficClass that the site has given to RDMA; empty if none
     * @param serviceLevel priority in the VLAN header that the site has given to RDMA; empty if none
     * @param seats of the node's ranks; none if {@code cpus} are not told
     * @param pmix whether the node can serve PMIx to ranks; empty if that was not asked for
     */
    record Opened(
            int cores,
            int pmiPort,
            Optional<Integer> gidIndex,
            Optional<Packets> before,
            boolean hasDirectory,
            @Later Optional<Integer> vpcPort,
            @Later Optional<Integer> trafficClass,
            @Later Optional<Integer> serviceLevel,
            @Later Optional<List<String>> cpus,
            @Later List<RankSeat> seats,
            @Later Optional<Boolean> pmix)
            implements NodeEvent {
        public Opened {
            seats = List.copyOf(seats);
        }
    }

    /**
     * It has tried to reach another node in the cluster's VPC.
     *
     * @param failure why it did not; empty if it did
     */
    record Reached(NodeName node, Optional<String> failure) implements NodeEvent {}

    /** What the RDMA device has sent and received since it exists. */
    record Packets(long sent, long received) {}

    /** A process wrote something. */
    record Output(int process, boolean errors, Bytes bytes) implements NodeEvent {}

    /** A rank that someone else started wrote something. */
    record RankOutput(int rank, boolean errors, Bytes bytes) implements NodeEvent {}

    /** A process has read, or will never read, what was sent for it. */
    record InputTaken(int process) implements NodeEvent {}

    /** A process ended, and all its output has been sent. */
    record Exited(int process, ProcessEnd end) implements NodeEvent {}

    /** A rank that someone else started ended badly. */
    record RankFailed(int rank, ProcessEnd end) implements NodeEvent {}

    /** All that the job brings along is there, or why it is not. */
    record Staged(Optional<String> failure) implements NodeEvent {}

    /** The next piece of what the job has left for its caller. */
    record Collected(Bytes bytes) implements NodeEvent {
        public Collected {
            JobLimits.piece(bytes);
        }
    }

    /** There are no more, and why these are not all if they are not. */
    record CollectedAll(Optional<String> failure) implements NodeEvent {}

    /** A line from a rank that is connected for PMI-1. Connections are numbered from 1, as they come. */
    record PmiReceived(int connection, String line) implements NodeEvent {}

    /** A launch agent on this node wants a shell command run on another. */
    record RshWanted(int request, String host, String command) implements NodeEvent {}

    /** That launch agent is gone; the command is to be killed. */
    record RshGone(int request) implements NodeEvent {}

    /** The job wants more on this node than a job may have. */
    record Excess(String why) implements NodeEvent {}

    /** Something has happened to the node's network that the job may suffer from. A sentence. */
    record Noted(String what) implements NodeEvent {}

    /** The node ends its part by itself; {@link Closed} follows. */
    record Leaving(String why) implements NodeEvent {}

    /**
     * Nothing of the job is left on this node but what {@code left} names.
     */
    record Closed(Optional<Packets> after, List<String> left) implements NodeEvent {
        public Closed {
            left = left.stream().limit(JobLimits.NAMED_LEFTOVERS).toList();
        }
    }
}
