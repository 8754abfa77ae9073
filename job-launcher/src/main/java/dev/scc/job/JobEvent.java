package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/** What the lead tells the caller while a job runs. The last one is {@link Ended}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface JobEvent {

    /**
     * The job has been planned and is being started.
     *
     * @param nodes how many nodes run ranks
     */
    record Started(JobId job, MpiFamily mpi, Transport planned, int ranks, int nodes) implements JobEvent {}

    /**
     * Where the ranks of a job that is only planned would start.
     *
     * @param nodes in rank order
     * @param launcher that starts them; empty where there is no choice
     */
    record Placed(
            JobId job,
            MpiFamily mpi,
            Transport planned,
            List<NodeRanks> nodes,
            @Later Optional<Launcher> launcher) implements JobEvent {
        public Placed {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * The ranks of one node: {@code count} from {@code first} on.
     *
     * @param cpus that each of them is bound to, such as {@code 0,4-5}; empty where the kernel decides
     * @param seats of each of them, likewise
     */
    record NodeRanks(
            NodeName node,
            int first,
            int count,
            List<String> cpus,
            String rdmaDevice,
            @Later List<RankSeat> seats) {
        public NodeRanks {
            cpus = List.copyOf(cpus);
            seats = List.copyOf(seats);
        }
    }

    /**
     * A process wrote something.
     *
     * @param rank empty for a launcher, which writes for all ranks
     * @param errors whether on standard error
     */
    record Output(NodeName node, Optional<Integer> rank, boolean errors, Bytes bytes) implements JobEvent {}

    /** The next piece of the files that a node's part of the job has left for the caller. */
    record Collected(NodeName node, Bytes bytes) implements JobEvent {
        public Collected {
            JobLimits.piece(bytes);
        }
    }

    /**
     * There are no more from that node.
     *
     * @param failure why these are not all; empty if they are
     */
    record CollectedAll(NodeName node, Optional<String> failure) implements JobEvent {}

    /** The job is over and nothing of it runs any more. */
    record Ended(JobOutcome outcome) implements JobEvent {}
}
