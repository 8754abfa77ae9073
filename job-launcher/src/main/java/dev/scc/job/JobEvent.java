package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
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
     * A process wrote something.
     *
     * @param rank empty for a launcher, which writes for all ranks
     * @param errors whether on standard error
     */
    record Output(NodeName node, Optional<Integer> rank, boolean errors, Bytes bytes) implements JobEvent {}

    /** The job is over and nothing of it runs any more. */
    record Ended(JobOutcome outcome) implements JobEvent {}
}
