package dev.scc.simulation;

import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.host.UserMistake;
import dev.scc.job.rpc.JobRpc;
import dev.scc.job.rpc.KeeperRpc;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls between the processes of the scene with jobs. What goes in one direction of a call arrives in order. While a
 * machine is cut off nothing arrives, and after a while both sides notice.
 */
final class JobNet {
    /** By then who is silent has been asked for a sign of life, and has not given it. */
    private static final long LEAST_SILENCE = 25 * Timeline.SECOND;

    private static final long MOST_SILENCE = 30 * Timeline.SECOND;
    private static final long AGAIN = 200 * Timeline.MILLI;

    /** Their callers show a permit, which is not simulated. */
    private static final Set<String> BY_PERMIT =
            Set.of(KeeperRpc.RUN.name(), KeeperRpc.TAKE_PART.name(), JobRpc.PLACE.name());

    private final Simulation sim;
    private final Map<String, JobProcess> listening = new HashMap<>();
    private final List<Call<?, ?>> calls = new ArrayList<>();
    private boolean losesNextSubmit;

    JobNet(Simulation sim) {
        this.sim = sim;
    }

    Connections of(JobProcess from) {
        return Connections.over(peer -> new Channel(from, peer));
    }

    /** Of the next call that asks for a job nothing comes back. */
    void loseNextSubmit() {
        losesNextSubmit = true;
    }

    void loseNothing() {
        losesNextSubmit = false;
    }

    void listen(String address, JobProcess process) {
        listening.put(address, process);
    }

    static boolean reaches(JobHost from, JobHost to) {
        return from.powered && to.powered && (from == to || (!from.cut && !to.cut));
    }

    private static JobHost machine(JobScene scene, String address) {
        return scene.host(address.substring(0, address.indexOf(':')));
    }

    /** The process is dead: whoever talks to it notices. */
    void died(JobProcess process) {
        for (Call<?, ?> call : List.copyOf(calls)) {
            if (call.caller.equals(process) || process.equals(call.callee)) {
                boolean told = reaches(call.caller.host, call.to);
                sim.timeline.after(
                        told ? sim.latency() : sim.chance.between(LEAST_SILENCE, MOST_SILENCE),
                        () -> call.breaks("the connection to " + process + " broke"));
            }
        }
    }

    /** The machine is cut off, or has lost its power. */
    void cut(JobHost host) {
        long since = host.cutSince;
        sim.timeline.after(sim.chance.between(LEAST_SILENCE, MOST_SILENCE), () -> {
            if ((host.cut || !host.powered) && host.cutSince == since) {
                for (Call<?, ?> call : List.copyOf(calls)) {
                    if (call.caller.host != call.to && (call.caller.host == host || call.to == host)) {
                        call.breaks("nothing is heard of " + call.peer);
                    }
                }
            }
        });
    }

    private final class Channel implements RpcChannel {
        private final JobProcess from;
        private final Peer peer;
        private final List<Call<?, ?>> mine = new ArrayList<>();

        Channel(JobProcess from, Peer peer) {
            this.from = from;
            this.peer = peer;
        }

        @Override
        public Peer peer() {
            return peer;
        }

        @Override
        public void connect(Duration within) throws RpcFailed, InterruptedException {
            if (reaches(from.host, machine(from.scene, peer.address()))) {
                from.tasks.sleep(Duration.ofNanos(2 * sim.latency()));
                return;
            }
            from.tasks.sleep(within);
            throw new RpcFailed(
                    RpcFailed.Kind.TIMED_OUT, peer + " does not answer within " + within.toSeconds() + " s");
        }

        @Override
        public <Q, A> RpcCall<Q, A> open(RpcMethod<Q, A> method, Optional<Duration> within) {
            Call<Q, A> call = new Call<>(from, peer, method);
            mine.add(call);
            calls.add(call);
            within.ifPresent(time -> sim.timeline.after(time.toNanos(), call::late));
            call.up.send(call::arrives);
            return call;
        }

        @Override
        public void close() {
            mine.forEach(Call::close);
        }
    }

    /** One direction of a call. */
    private final class Pipe {
        private final Call<?, ?> call;
        private final Deque<Runnable> underWay = new ArrayDeque<>();

        Pipe(Call<?, ?> call) {
            this.call = call;
        }

        void send(Runnable what) {
            underWay.add(what);
            if (underWay.size() == 1) {
                sim.timeline.after(sim.latency(), this::next);
            }
        }

        private void next() {
            if (!call.caller.host.powered || !call.to.powered) {
                underWay.clear(); // Nobody who begins anew knows of it.
                return;
            }
            if (!reaches(call.caller.host, call.to)) {
                if (!call.broken) {
                    sim.timeline.after(AGAIN, this::next);
                }
                return;
            }
            Runnable what = underWay.remove();
            what.run();
            if (!underWay.isEmpty()) {
                sim.timeline.after(sim.chance.between(0, 200 * Timeline.MICRO), this::next);
            }
        }
    }

    private final class Call<Q, A> implements RpcCall<Q, A> {
        final JobProcess caller;
        final Peer peer;
        final JobHost to;
        final Pipe up;
        final Pipe down;
        private final RpcMethod<Q, A> method;

        @Nullable
        JobProcess callee;

        boolean broken;

        // The calling side.
        private final Deque<A> answers = new ArrayDeque<>();
        private final SimTasks.Waiters asks;
        private boolean over;
        private Optional<RpcFailed> failure = Optional.empty();
        private boolean noMore;
        /** Nothing comes from the other side any more. */
        private boolean deaf;

        // The serving side.
        private final Deque<Q> requests = new ArrayDeque<>();
        private SimTasks.@Nullable Waiters serves;
        private SimTasks.@Nullable Fiber handler;
        private boolean noMoreCome;
        private boolean cancelled;
        private boolean served;

        Call(JobProcess caller, Peer peer, RpcMethod<Q, A> method) {
            this.caller = caller;
            this.peer = peer;
            this.method = method;
            to = machine(caller.scene, peer.address());
            asks = caller.tasks.new Waiters();
            up = new Pipe(this);
            down = new Pipe(this);
        }

        // What the caller does and hears.

        @Override
        public void send(Q request) {
            if (!over && !noMore && caller.alive()) {
                up.send(() -> toCallee(() -> requests.add(request)));
            }
        }

        @Override
        public void sendNoMore() {
            if (!over && !noMore && caller.alive()) {
                noMore = true;
                up.send(() -> toCallee(() -> noMoreCome = true));
            }
        }

        @Override
        public Optional<A> next() throws RpcFailed, InterruptedException {
            while (answers.isEmpty() && !over) {
                asks.await(-1);
            }
            if (!answers.isEmpty()) {
                return Optional.of(answers.remove());
            }
            if (failure.isPresent()) {
                throw failure.get();
            }
            return Optional.empty();
        }

        @Override
        public Optional<A> next(Duration atMost) throws RpcFailed, InterruptedException {
            long until = sim.timeline.now() + atMost.toNanos();
            while (answers.isEmpty() && !over && sim.timeline.now() < until) {
                asks.await(until);
            }
            if (answers.isEmpty() && !over) {
                throw new RpcFailed(RpcFailed.Kind.TIMED_OUT, peer + " has said nothing");
            }
            return next();
        }

        @Override
        public void close() {
            if (!over && caller.alive()) {
                ends(Optional.of(new RpcFailed(RpcFailed.Kind.CANCELLED, "closed on this side")));
                up.send(() -> toCallee(this::cancel));
            }
        }

        private void ends(Optional<RpcFailed> how) {
            if (!over) {
                over = true;
                failure = how;
                asks.wakeAll();
                forgetIfOver();
            }
        }

        private void toCaller(Runnable what) {
            caller.deliver(() -> {
                what.run();
                asks.wakeAll();
            });
        }

        private void answered(Runnable what) {
            if (!deaf) {
                toCaller(what);
            }
        }

        void late() {
            if (!over) {
                toCaller(() -> ends(Optional.of(new RpcFailed(
                        RpcFailed.Kind.TIMED_OUT, peer + " did not answer " + method.name() + " in time"))));
                toCallee(this::cancel);
            }
        }

        /** Both sides learn that nothing comes any more. */
        void breaks(String why) {
            broken = true;
            toCaller(() -> ends(Optional.of(new RpcFailed(RpcFailed.Kind.UNREACHABLE, why))));
            toCallee(this::cancel);
        }

        private void forgetIfOver() {
            if (over && (served || callee == null || !callee.alive())) {
                calls.remove(this);
            }
        }

        // What the callee does and hears.

        private void toCallee(Runnable what) {
            JobProcess there = callee;
            if (there != null) {
                there.deliver(() -> {
                    what.run();
                    SimTasks.Waiters waiters = serves;
                    if (waiters != null) {
                        waiters.wakeAll();
                    }
                });
            }
        }

        private void cancel() {
            if (!served && !cancelled) {
                cancelled = true;
                SimTasks.Fiber serving = handler;
                if (serving != null) {
                    serving.interrupt();
                }
            }
        }

        private void arrives() {
            JobProcess there = listening.get(peer.address());
            if (there == null || !there.alive()) {
                down.send(() -> toCaller(() -> ends(Optional.of(
                        new RpcFailed(RpcFailed.Kind.UNREACHABLE, peer + " cannot be reached: connection refused")))));
                return;
            }
            callee = there;
            if (losesNextSubmit && method.name().equals(KeeperRpc.RUN.name())) {
                losesNextSubmit = false;
                losesAnswers();
            }
            serves = there.tasks.new Waiters();
            there.deliver(() -> handler = there.tasks.start(method.name(), () -> serve(there)));
        }

        /** The caller notices soon, the callee soon or when it has heard nothing for long. */
        private void losesAnswers() {
            sim.tally.fault("job scene: answer of a submit lost");
            deaf = true;
            long notices = sim.chance.between(0, 2 * Timeline.SECOND);
            sim.timeline.after(
                    notices,
                    () -> toCaller(() -> ends(Optional.of(
                            new RpcFailed(RpcFailed.Kind.UNREACHABLE, "the connection to " + peer + " broke")))));
            sim.timeline.after(
                    sim.chance.oneIn(2) ? notices : sim.chance.between(LEAST_SILENCE, MOST_SILENCE),
                    () -> toCallee(this::cancel));
        }

        private void serve(JobProcess there) {
            Optional<RpcFailed> how = Optional.empty();
            try {
                Caller who = new Caller(Optional.of(caller.who), caller.host.name, !BY_PERMIT.contains(method.name()));
                if (!who.isOneOf(method.access())) {
                    throw new RpcFailed(RpcFailed.Kind.NOT_ENTITLED, who.name() + " may not call " + method.name());
                }
                RpcService.Bidirectional<Q, A> code = there.service()
                        .flatMap(service -> service.handler(method))
                        .orElseThrow(() -> new RpcFailed(RpcFailed.Kind.UNKNOWN_METHOD, method.name()));
                code.handle(who, said(), told());
            } catch (RpcFailed e) {
                how = Optional.of(e);
            } catch (UserMistake e) {
                how = Optional.of(new RpcFailed(RpcFailed.Kind.INVALID, String.valueOf(e.getMessage())));
            } catch (InterruptedException e) {
                how = Optional.of(new RpcFailed(RpcFailed.Kind.CANCELLED, "interrupted"));
            } catch (RuntimeException e) {
                throw new BrokenPromise("a call does not fail by a defect", there + " " + method.name() + ": " + e, e);
            }
            served = true;
            if (there.alive()) {
                Optional<RpcFailed> end = how;
                down.send(() -> answered(() -> ends(end)));
            }
            forgetIfOver();
        }

        private Requests<Q> said() {
            return () -> {
                SimTasks.Waiters waiters = serves;
                while (waiters != null && requests.isEmpty() && !noMoreCome && !cancelled) {
                    waiters.await(-1);
                }
                if (cancelled) {
                    throw new InterruptedException("the caller has given up");
                }
                return Optional.ofNullable(requests.poll());
            };
        }

        private Answers<A> told() {
            return answer -> {
                JobProcess there = callee;
                if (cancelled || served) {
                    throw new InterruptedException("the caller has given up");
                }
                if (there != null && there.alive()) {
                    down.send(() -> answered(() -> {
                        if (!over) {
                            answers.add(answer);
                        }
                    }));
                }
            };
        }
    }
}
