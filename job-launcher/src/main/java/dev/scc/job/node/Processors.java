package dev.scc.job.node;

import dev.scc.job.Mapping;
import dev.scc.job.RankSeat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The processors of this node, and which of them ranks of jobs with a {@link Mapping} have. Other jobs run where the kernel
 * lets them. Thread-safe.
 */
final class Processors {
    /** There are not enough cores for a job that does not want to share. */
    static final class NotEnough extends IOException {
        private static final long serialVersionUID = 1L;

        NotEnough(String message) {
            super(message);
        }
    }

    /**
     * What a job has.
     *
     * @param cores of its ranks, in their order
     * @param cpus that each of them is bound to, as taskset(1) has them
     * @param shared whether ranks of other jobs that share, too, may have the same
     * @param rails the RDMA device of each of them; empty if that was not asked for
     */
    record Share(List<Core> cores, List<String> cpus, boolean shared, List<String> rails) {
        Share {
            cores = List.copyOf(cores);
            cpus = List.copyOf(cpus);
            rails = List.copyOf(rails);
        }

        /** Of all its ranks together. */
        String all() {
            return Core.list(cores);
        }
    }

    /** Finds the cores that there are now. */
    @FunctionalInterface
    interface View {
        List<Core> look() throws IOException;
    }

    /** Finds the RDMA devices that there are now. */
    @FunctionalInterface
    interface RailView {
        Rails look() throws IOException;
    }

    private final View view;
    private final RailView railView;
    private final List<Share> held = new ArrayList<>();

    Processors(View view, RailView railView) {
        this.view = view;
        this.railView = railView;
    }

    /** Those that sysfs shows each time that a job wants some. */
    static Processors ofThisMachine() {
        return new Processors(Core::ofThisMachine, Rails::ofThisMachine);
    }

    /**
     * Takes a core for each rank. Those of jobs that do not share are theirs alone, also when others would share.
     *
     * @throws NotEnough if there are not enough that no rank has, and the job does not want to share; the message says
     *     how many there are
     */
    synchronized Share take(Mapping mapping, int count) throws IOException {
        List<Rails.Rail> rails = mapping.by() == Mapping.By.RAIL ? rails(mapping, count) : List.of();
        List<Core> cores = view.look();
        Map<Core, Integer> ranks = new HashMap<>();
        Set<Core> own = new HashSet<>();
        for (Core core : cores) {
            for (Share share : held) {
                int on = (int) share.cores().stream()
                        .filter(each -> !Collections.disjoint(each.cpus(), core.cpus()))
                        .count();
                ranks.merge(core, on, Integer::sum);
                if (on > 0 && !share.shared()) {
                    own.add(core);
                }
            }
        }
        long free =
                cores.stream().filter(core -> ranks.getOrDefault(core, 0) == 0).count();
        if (count > free && !mapping.oversubscribe()) {
            throw new NotEnough("has " + cores.size() + " cores, " + free
                    + " of them without ranks, and the job wants " + count
                    + " there; --oversubscribe lets ranks share cores, without --map-by the kernel places them");
        }
        List<Core> open = cores.stream().filter(core -> !own.contains(core)).toList();
        if (open.isEmpty()) {
            throw new NotEnough(
                    "has " + cores.size() + " cores, and all are held by jobs without --oversubscribe, which"
                            + " do not share; wait for their end, without --map-by the kernel places ranks");
        }
        List<Integer> domains = open.stream()
                .map(core -> domain(mapping.by(), core))
                .distinct()
                .sorted()
                .toList();
        List<Core> taken = new ArrayList<>();
        for (int rank = 0; rank < count; rank++) {
            Optional<Integer> wanted = rails.isEmpty()
                    ? Optional.of(domains.get(rank % domains.size()))
                    : rails.get(rank % rails.size()).numa();
            Core core = open.stream()
                    .min(Comparator.<Core>comparingInt(each -> ranks.getOrDefault(each, 0))
                            .thenComparing(each -> wanted.isPresent() && domain(mapping.by(), each) != wanted.get()))
                    .orElseThrow();
            ranks.merge(core, 1, Integer::sum);
            taken.add(core);
        }
        List<String> cpus = taken.stream()
                .map(core -> mapping.by() == Mapping.By.CORE
                        ? Core.list(List.of(core))
                        : Core.list(taken.stream()
                                .filter(each -> domain(mapping.by(), each) == domain(mapping.by(), core))
                                .toList()))
                .toList();
        List<String> devices = rails.isEmpty()
                ? List.of()
                : IntStream.range(0, count)
                        .mapToObj(rank -> rails.get(rank % rails.size()).device())
                        .toList();
        Share share = new Share(taken, cpus, mapping.oversubscribe(), devices);
        held.add(share);
        return share;
    }

    /** Those that ranks have in turn. */
    private List<Rails.Rail> rails(Mapping mapping, int count) throws IOException {
        List<Rails.Rail> rails = railView.look().all();
        if (rails.size() < 2) {
            throw new NotEnough(
                    "has "
                            + (rails.isEmpty()
                                    ? "no RDMA device"
                                    : "one RDMA device only, "
                                            + rails.getFirst().device())
                            + ", and --map-by rail gives each rank of a node one of several; --map-by numa spreads ranks without");
        }
        if (count > rails.size() && !mapping.oversubscribe()) {
            throw new NotEnough("has " + rails.size() + " RDMA devices, "
                    + rails.stream().map(Rails.Rail::device).collect(Collectors.joining(", ")) + ", and the job wants "
                    + count + " ranks there; --per-node " + rails.size()
                    + " is a rank for each, --oversubscribe lets ranks share them");
        }
        return rails;
    }

    /**
     * Where the ranks are that have this.
     *
     * @param device that the job has its segment on
     */
    List<RankSeat> seats(Share share, String device) throws IOException {
        Rails rails = railView.look();
        Map<String, Set<Integer>> domains = new HashMap<>();
        for (int rank = 0; rank < share.cores().size(); rank++) {
            domains.computeIfAbsent(share.cpus().get(rank), _ -> new HashSet<>())
                    .add(share.cores().get(rank).numa());
        }
        List<RankSeat> seats = new ArrayList<>();
        for (int rank = 0; rank < share.cores().size(); rank++) {
            Set<Integer> its = domains.getOrDefault(share.cpus().get(rank), Set.of());
            Optional<Integer> numa =
                    its.size() == 1 ? Optional.of(share.cores().get(rank).numa()) : Optional.empty();
            seats.add(new RankSeat(
                    numa,
                    numa.flatMap(domain -> rails.nearest(domain, device)),
                    rank < share.rails().size() ? Optional.of(share.rails().get(rank)) : Optional.empty()));
        }
        return seats;
    }

    private static int domain(Mapping.By by, Core core) {
        return switch (by) {
            case CORE, NODE -> 0;
            case SOCKET -> core.socket();
            case NUMA, RAIL -> core.numa();
        };
    }

    synchronized void giveBack(Share share) {
        held.remove(share); // Or one that is equal, which comes to the same.
    }
}
