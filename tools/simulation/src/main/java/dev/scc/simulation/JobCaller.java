package dev.scc.simulation;

import dev.scc.cluster.Member;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.NodeName;
import dev.scc.job.Attachment;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.OutputSink;
import dev.scc.job.client.Restarts;
import dev.scc.job.client.Supply;
import java.time.Duration;
import java.util.Optional;

/** Somebody's command: the real client of jobs, and what starts them again. */
final class JobCaller extends JobProcess {
    private static final Duration CONNECTING = Duration.ofSeconds(20);
    private static final Duration REPAIR = Duration.ofMinutes(2);

    private final JobClient client = new JobClient(connections, CONNECTING, tasks);

    JobCaller(JobScene scene, JobHost host, String name, Principal who) {
        super(scene, host, name, who);
    }

    /** {@code scc run}. */
    void run(JobWish wish, JobSpec spec, int restarts) {
        tasks.start("run", () -> {
            try {
                tasks.sleep(Duration.ofNanos(2 * sim.latency()));
                Optional<Restarts.State> state = scene.pool.state();
                if (state.isEmpty()) {
                    sim.trace.mark(name, "finds no cluster", "");
                    return;
                }
                Restarts.Place place = state.get().place().orElseThrow();
                if (wish.attachment == Attachment.DETACHED) {
                    start(wish, place, spec);
                    return;
                }
                Restarts runs = new Restarts(
                        JobPool.CLUSTER,
                        restarts,
                        REPAIR,
                        this::look,
                        this::over,
                        wish.attachment == Attachment.LOOSE,
                        tasks,
                        text -> sim.trace.mark(name, "waits", text));
                JobOutcome outcome = runs.run(place, spec, (at, again, started) -> {
                    scene.promises.attempts(wish, again);
                    JobOutcome one = client.run(
                            at.roster(),
                            again,
                            at.permit(),
                            wish.attachment,
                            Supply.none(),
                            Restarts.noting(
                                    job -> {
                                        started.accept(job);
                                        scene.promises.isCalled(wish, job);
                                    },
                                    new NoOutput()));
                    scene.promises.attempted(wish, one);
                    return one;
                });
                sim.trace.mark(name, "is told", outcome);
                scene.promises.told(wish, outcome);
            } catch (Restarts.GivenUp | RpcFailed e) {
                sim.trace.mark(name, "gives up", String.valueOf(e.getMessage()));
                sim.tally.ends.merge("job's caller gave up", 1L, Long::sum);
            } catch (InterruptedException e) {
                throw new BrokenPromise("a call does not fail", name + " was interrupted", e);
            } catch (Exception e) {
                throw new BrokenPromise("a call does not fail", name + ": " + e, e);
            } finally {
                wish.callerOver(sim.timeline.now());
                if (alive()) {
                    exit();
                }
            }
        });
    }

    private void start(JobWish wish, Restarts.Place place, JobSpec spec) throws RpcFailed, InterruptedException {
        scene.promises.attempts(wish, spec);
        switch (client.start(place.roster(), spec, place.permit())) {
            case JobClient.Start.Running running -> {
                scene.promises.isCalled(wish, running.started().job());
                sim.trace.mark(name, "leaves alone", running.started().job());
            }
            case JobClient.Start.Over over -> scene.promises.told(wish, over.outcome());
        }
    }

    private Optional<Restarts.State> look() throws ServerUnreachable, InterruptedException {
        tasks.sleep(Duration.ofNanos(2 * sim.latency()));
        if (host.cut || sim.chance.oneIn(20)) {
            throw new ServerUnreachable("no server answers");
        }
        return scene.pool.state();
    }

    private boolean over(Restarts.Place place, Member lead, JobId job) throws RpcFailed, InterruptedException {
        scene.promises.cancelAsked(who, job);
        return client.cancel(lead, place.permit(), job).state().over();
    }

    private Optional<Member> member(NodeName node) {
        return scene.pool.roster.stream()
                .flatMap(roster -> roster.members().stream())
                .filter(member -> member.node().equals(node))
                .findFirst();
    }

    /** {@code scc job cancel}. */
    void cancel(JobId job, NodeName lead) {
        tasks.start("cancel", () -> {
            try {
                Optional<Member> at = member(lead);
                if (at.isPresent()) {
                    JobRecord answer = client.cancel(at.get(), Optional.empty(), job);
                    sim.trace.mark(name, "has cancelled", answer.state().word());
                    scene.promises.cancelled(who, answer);
                }
            } catch (RpcFailed e) {
                sim.trace.mark(name, "cannot cancel", String.valueOf(e.getMessage()));
                sim.tally.ends.merge("cancel " + e.kind(), 1L, Long::sum);
                scene.promises.notCancelled(who, job, lead, e);
            } catch (InterruptedException e) {
                throw new BrokenPromise("a call does not fail", name + " was interrupted", e);
            }
            if (alive()) {
                exit();
            }
        });
    }

    /** {@code scc job list} of one node. */
    void list(NodeName lead) {
        tasks.start("list", () -> {
            try {
                Optional<Member> at = member(lead);
                if (at.isPresent()) {
                    scene.promises.listed(who, lead, client.jobs(at.get(), Optional.empty()));
                }
            } catch (RpcFailed e) {
                sim.trace.mark(name, "cannot list", String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                throw new BrokenPromise("a call does not fail", name + " was interrupted", e);
            }
            if (alive()) {
                exit();
            }
        });
    }

    private static final class NoOutput implements OutputSink {
        @Override
        public void started(JobEvent.Started started) {
            // Others note it.
        }

        @Override
        public void output(boolean errors, byte[] bytes) {
            // There is none.
        }
    }
}
