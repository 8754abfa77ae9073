package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.ClusterView;
import dev.scc.job.JobId;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.Restarts;
import java.util.Optional;

/** What a job that has lost a node asks servers, and how the caller hears that it was in vain. */
record RestartPool(Session session, ClusterName cluster, boolean asRoot) implements Restarts.Pool {
    @Override
    public Optional<Restarts.State> look() throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            Optional<ClusterView> now = pool.cluster(cluster);
            if (now.isEmpty()) {
                return Optional.empty();
            }
            Optional<Roster> roster = pool.roster(cluster);
            Optional<Restarts.Place> place = roster.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Restarts.Place(roster.get(), pool.permit(cluster, asRoot)));
            ClusterView view = now.get();
            return Optional.of(new Restarts.State(view.phase(), view.revision(), view.reason(), place));
        }
    }

    /** Has an attempt end whose end nobody has told of. Returns whether it is over. */
    boolean ended(Restarts.Place place, Member lead, JobId job) throws Exception {
        return new JobClient(session.options().connections())
                .cancel(lead, place.permit(), job)
                .state()
                .over();
    }

    /** What is told of a job that is over because of its cluster. */
    Failure failure(Restarts.GivenUp why) {
        String what = "restart on " + cluster;
        return why.gone()
                ? Pool.noSuchCluster(what, cluster)
                : new Failure(
                        ExitStatus.SOME_NODES_FAILED,
                        new Problem(
                                what,
                                "",
                                "",
                                String.valueOf(why.getMessage()),
                                "the job is over",
                                "scc show " + cluster + " says what it needs; --restart-wait gives it more time"));
    }
}
