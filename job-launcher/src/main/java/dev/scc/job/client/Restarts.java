package dev.scc.job.client;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.JobEnd;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.Receipt;
import dev.scc.job.Refusal;
import dev.scc.job.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs a job, and again when it has lost a node, on the cluster as it is after its repair. A program that fails by itself is
 * not started again.
 *
 * @param most how often it is started again; an attempt that a node could not take part in does not count
 * @param patience how long the cluster's repair may take, each time, with attempts that could not begin
 * @param ending of attempts whose end nobody has told of
 * @param loose whether a job goes on when nobody attends to it
 * @param tasks how it waits
 * @param remark hears why it waits
 */
public record Restarts(
        ClusterName cluster,
        int most,
        Duration patience,
        Pool pool,
        Ending ending,
        boolean loose,
        Tasks tasks,
        Consumer<String> remark) {
    /** What a lead says of a job that it has not begun, and would say again. */
    private static final Set<RpcFailed.Kind> NEVER = Set.of(
            RpcFailed.Kind.REFUSED,
            RpcFailed.Kind.BUSY,
            RpcFailed.Kind.INVALID,
            RpcFailed.Kind.NOT_ENTITLED,
            RpcFailed.Kind.UNKNOWN_METHOD);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** By then each node of a job has ended its part whose lead has left the cluster. */
    private static final Duration MISSED = Duration.ofSeconds(10);

    /** By then a server has noticed that a node is gone; a cluster that is still ready then has it back, or never lost it. */
    private static final Duration NOTICED = Duration.ofSeconds(30);

    public Restarts {
        if (most < 0) {
            throw new IllegalArgumentException("--restarts " + most + " is not at least 0");
        }
    }

    /** On what to run. */
    public record Place(Roster roster, Optional<String> permit) {}

    /**
     * What a server says of the cluster.
     *
     * @param reason why it is not well; empty if it is
     * @param place empty while it has no roster
     */
    public record State(ClusterPhase phase, int revision, String reason, Optional<Place> place) {}

    /** Whoever knows what clusters are. */
    @FunctionalInterface
    public interface Pool {
        /**
         * Asks for the cluster.
         *
         * @return empty if there is none
         * @throws ServerUnreachable if nobody answers; it is asked again
         */
        Optional<State> look() throws Exception;
    }

    /** One time. */
    @FunctionalInterface
    public interface Attempt {
        /**
         * Runs it.
         *
         * @param started hears which job it is, when it has started
         * @throws RpcFailed if the job's lead is lost
         */
        JobOutcome run(Place place, JobSpec spec, Consumer<JobId> started) throws Exception;
    }

    /** Has a job end. */
    @FunctionalInterface
    public interface Ending {
        /**
         * Has it end, and does not wait for that.
         *
         * @param lead that runs it, if it runs
         * @return whether it is over
         * @throws RpcFailed if it is not known, or nobody can be asked
         */
        boolean over(Place place, Member lead, JobId job) throws Exception;
    }

    /** The cluster is not there any more, or was not repaired in time, so that the job is over. */
    public static final class GivenUp extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean gone;

        private GivenUp(boolean gone, String message) {
            super(message);
            this.gone = gone;
        }

        /** Whether there is no such cluster any more. */
        public boolean gone() {
            return gone;
        }
    }

    /** Notes which job it is. */
    public static OutputSink noting(Consumer<JobId> started, OutputSink next) {
        return new ForwardingSink(next) {
            @Override
            public void started(JobEvent.Started event) {
                started.accept(event.job());
                super.started(event);
            }
        };
    }

    /**
     * Runs it to its end, as often as it takes.
     *
     * @throws RpcFailed if the last attempt's lead is lost
     * @throws GivenUp if the job is over because of its cluster
     */
    public JobOutcome run(Place first, JobSpec spec, Attempt attempt) throws Exception {
        Place place = first;
        List<JobId> earlier = new ArrayList<>();
        long lostAt = tasks.nanos();
        int number = 1;
        while (true) {
            String lost;
            Set<NodeName> concerned;
            boolean told = true;
            boolean ran;
            int before = earlier.size();
            try {
                JobOutcome outcome = attempt.run(place, spec.again(number, earlier), earlier::add);
                Optional<String> why = lostNode(outcome, number);
                ran = outcome instanceof JobOutcome.Ended;
                if (why.isEmpty() || over(number, ran, lostAt)) {
                    return outcome;
                }
                lost = why.get();
                concerned = nodes(outcome);
            } catch (RpcFailed e) {
                if (number == 1 && earlier.size() == before && NEVER.contains(e.kind())) {
                    throw e;
                }
                ran = true; // For all that is known.
                if (over(number, ran, lostAt) || (loose && earlier.size() == before)) {
                    throw e; // It may go on, and nobody knows which job it is.
                }
                told = false;
                lost = String.valueOf(e.getMessage());
                concerned = Set.of(place.roster().members().getFirst().node());
            }
            if (ran) {
                lostAt = tasks.nanos();
                number++;
            }
            remark.accept(
                    "%s; restart %d of %d when cluster %s is repaired".formatted(lost, number - 1, most, cluster));
            Place next = awaitRepair(concerned, lost);
            if (!told && earlier.size() > before) {
                awaitEnd(place.roster().members().getFirst().node(), next, earlier.getLast());
            }
            place = next;
        }
    }

    /**
     * Whether there is no other attempt. One that did not begin costs nothing but time: the node may have been lost before
     * any server noticed, and be replaced yet.
     */
    private boolean over(int number, boolean ran, long lostAt) {
        return ran ? number > most : tasks.nanos() - lostAt >= patience.toNanos();
    }

    /** Why the job lost a node, if it did. A cluster that has just been repaired may lose another one before it starts. */
    private static Optional<String> lostNode(JobOutcome outcome, int number) {
        return switch (outcome) {
            case JobOutcome.Ended ended ->
                ended.end() instanceof JobEnd.NodeLost lost ? Optional.of(lost.why()) : Optional.empty();
            case JobOutcome.Refused refused ->
                number > 1 && refused.refusal() instanceof Refusal.NodeUnable unable
                        ? Optional.of(unable.why())
                        : Optional.empty();
        };
    }

    /** Those that the attempt had; one of them was lost. */
    private static Set<NodeName> nodes(JobOutcome outcome) {
        return switch (outcome) {
            case JobOutcome.Ended ended ->
                ended.receipt().nodes().stream().map(Receipt.NodeUse::name).collect(Collectors.toSet());
            case JobOutcome.Refused refused ->
                refused.refusal() instanceof Refusal.NodeUnable unable ? Set.of(unable.node()) : Set.of();
        };
    }

    /**
     * The connection to its lead was lost, which may be all that was. A lead that is no member any more is missed by each node of
     * the job, which asks its agent once a second and then ends its part.
     */
    private void awaitEnd(NodeName lead, Place place, JobId job) throws Exception {
        Optional<Member> member = place.roster().members().stream()
                .filter(one -> one.node().equals(lead))
                .findFirst();
        if (member.isEmpty()) {
            tasks.sleep(MISSED);
            return;
        }
        long begin = tasks.nanos();
        String why = "it does not end";
        while (tasks.nanos() - begin < patience.toNanos()) {
            try {
                if (ending.over(place, member.get(), job)) {
                    return;
                }
            } catch (RpcFailed e) {
                if (e.kind() == RpcFailed.Kind.REFUSED) {
                    return; // Its keeper is another, and nothing of the job is left.
                }
                why = String.valueOf(e.getMessage());
            }
            tasks.sleep(BETWEEN_LOOKS);
        }
        throw new GivenUp(
                false,
                "job " + job + " may still run, and was not ended within " + patience.toSeconds() + " s: " + why);
    }

    /**
     * Waits for the cluster as it is after the loss. A revision later than the attempt's may be of a repair before that, also
     * of a node that the attempt did not have.
     *
     * @param concerned one of them was lost; a cluster without one of them is repaired, or about to be
     */
    private Place awaitRepair(Set<NodeName> concerned, String lost) throws Exception {
        long begin = tasks.nanos();
        OptionalInt before = OptionalInt.empty();
        String seen = "no server answers";
        while (tasks.nanos() - begin < patience.toNanos()) {
            try {
                Optional<State> now = pool.look();
                if (now.isEmpty()) {
                    throw new GivenUp(true, "there is no cluster " + cluster);
                }
                State state = now.get();
                seen = "it is " + state.phase() + " in revision " + state.revision()
                        + (state.reason().isEmpty() ? "" : ", because " + state.reason());
                before = OptionalInt.of(before.orElse(state.revision()));
                boolean noticed = state.revision() > before.getAsInt()
                        || lacks(state, concerned)
                        || tasks.nanos() - begin > NOTICED.toNanos();
                if (noticed
                        && state.phase() == ClusterPhase.READY
                        && state.place().isPresent()) {
                    return state.place().get();
                }
            } catch (ServerUnreachable e) {
                seen = String.valueOf(e.getMessage());
            }
            tasks.sleep(BETWEEN_LOOKS);
        }
        throw new GivenUp(
                false, lost + "; the cluster was not repaired within " + patience.toSeconds() + " s: " + seen);
    }

    private static boolean lacks(State state, Set<NodeName> nodes) {
        return state.place()
                .map(place ->
                        place.roster().members().stream().map(Member::node).collect(Collectors.toSet()))
                .filter(members -> !members.containsAll(nodes))
                .isPresent();
    }
}
