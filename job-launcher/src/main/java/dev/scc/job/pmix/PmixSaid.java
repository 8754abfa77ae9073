package dev.scc.job.pmix;

import dev.scc.cluster.rpc.Bytes;
import java.util.List;
import java.util.Map;

/** What the PMIx server of a node tells the job's lead. */
public sealed interface PmixSaid {

    /**
     * Its ranks may start.
     *
     * @param environment of all of them but for {@link PmixFrames#RANK}
     */
    record Ready(Map<String, String> environment) implements PmixSaid {
        public Ready {
            environment = Map.copyOf(environment);
        }
    }

    /**
     * All ranks there that take part in a fence have come to it.
     *
     * @param question to be answered when all others have come, too
     * @param ranks that take part; none for all of the job
     * @param data what those there have for the others
     */
    record Fence(int question, List<Integer> ranks, Bytes data) implements PmixSaid {
        public Fence {
            ranks = List.copyOf(ranks);
        }
    }

    /**
     * A rank there wants to know what one elsewhere has for others.
     *
     * @param question to be answered when that is known
     */
    record Want(int question, int rank) implements PmixSaid {}

    /**
     * What a rank there has for others.
     *
     * @param question of the lead that this answers
     * @param status 0, or an error of PMIx
     */
    record Gave(int question, int status, Bytes data) implements PmixSaid {}

    /** A rank has begun to use MPI. */
    record Arrived(int rank) implements PmixSaid {}

    /** It does not use it any more. */
    record Finalized(int rank) implements PmixSaid {}

    /** It wants the job to end. */
    record Aborted(int rank, int code, String message) implements PmixSaid {}
}
