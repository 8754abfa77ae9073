package dev.scc.job.lead;

import dev.scc.host.NodeName;
import dev.scc.job.MpiFamily;
import dev.scc.job.ProcessEnd;
import java.util.Map;
import java.util.Optional;

/** What may decide how a job goes on. */
sealed interface Occurrence {

    /** A process that the lead had started ended. */
    record Exited(NodeName node, int process, ProcessEnd end) implements Occurrence {}

    /** A rank that a launcher had started ended badly. */
    record RankFailed(NodeName node, int rank, ProcessEnd end) implements Occurrence {}

    /**
     * A rank has come to one of our servers.
     *
     * @param family whose programs come to that: MPICH and its kin to the PMI-1 server, Open MPI to those of PMIx
     */
    record Arrived(NodeName node, int rank, MpiFamily family) implements Occurrence {}

    /** All PMIx servers of the job are ready; of each node what its ranks get. */
    record Served(Map<NodeName, Map<String, String>> environments) implements Occurrence {
        public Served {
            environments = Map.copyOf(environments);
        }
    }

    /** A PMIx server of the job ended, which none does by itself. */
    record ServerEnded(NodeName node, ProcessEnd end) implements Occurrence {}

    /** A program of Open MPI has found no launcher, and says so. */
    record OpenMpiAlone(NodeName node, Optional<Integer> rank) implements Occurrence {}

    /** A rank called {@code MPI_Abort}. */
    record Aborted(int rank, int exitCode, String message) implements Occurrence {}

    /** The job wants more than a job may have. The reason is a sentence. */
    record Excess(String why) implements Occurrence {}

    /** It has run for as long as it may. The reason is a sentence. */
    record TimeUp(String why) implements Occurrence {}

    /** The ranks have had the time that they get to end by themselves. */
    record GraceOver() implements Occurrence {}

    /** Somebody has the job ended. The reason is a sentence. */
    record Cancelled(String why) implements Occurrence {}

    /** Files that were on their way are there, or are known not to be. Whoever waits for them knows which. */
    record FilesDone() implements Occurrence {}

    /** A node ends its part by itself, and cleanly. The reason is a sentence that names it. */
    record NodeLeaves(NodeName node, String why) implements Occurrence {}

    /** A node does not answer any more, or its agent gave the job up. */
    record NodeLost(NodeName node, String why) implements Occurrence {}
}
