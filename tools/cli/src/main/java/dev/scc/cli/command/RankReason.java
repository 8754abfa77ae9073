package dev.scc.cli.command;

import dev.scc.job.Mapping;
import dev.scc.job.RankSeat;
import java.util.Optional;

/** Why a rank would be where a dry run says, in words. */
final class RankReason {
    private RankReason() {}

    /**
     * Of one rank.
     *
     * @param seat as its node tells of it; empty if that does not
     * @param device that the job talks over; "" for none
     */
    static String of(Optional<Mapping> mapping, Optional<RankSeat> seat, String device) {
        if (mapping.isEmpty()) {
            return "the kernel decides";
        }
        String near = seat.flatMap(RankSeat::nearest)
                .filter(nearest -> !device.isEmpty() && !nearest.equals(device))
                .map(nearest -> "; " + nearest + " is nearer, but the cluster is on " + device)
                .orElse("");
        return place(mapping.get(), seat) + near;
    }

    private static String place(Mapping mapping, Optional<RankSeat> seat) {
        String core = mapping.oversubscribe() ? "the core with the fewest ranks" : "the next core without a rank";
        return switch (mapping.by()) {
            case CORE -> core;
            case SOCKET -> core + ", sockets in turn";
            case NUMA -> core + ", NUMA domains in turn";
            case NODE -> core + ", bound to all of the job's there";
            case RAIL -> core + rail(seat);
        };
    }

    private static String rail(Optional<RankSeat> seat) {
        Optional<String> rail = seat.flatMap(RankSeat::rail);
        boolean near = rail.isPresent() && seat.flatMap(RankSeat::nearest).equals(rail);
        return rail.map(device -> (near ? " near rail " : ", for rail ") + device)
                .orElse("");
    }
}
