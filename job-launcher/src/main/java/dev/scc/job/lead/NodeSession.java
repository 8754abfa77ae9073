package dev.scc.job.lead;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.JobId;
import dev.scc.job.RankSeat;
import dev.scc.job.Tasks;
import dev.scc.job.node.NodeEvent;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.plan.NodeFacts;
import dev.scc.job.rpc.JobRpc;
import dev.scc.job.rpc.KeeperRpc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lead's side of one node's part in a job. */
final class NodeSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeSession.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /** Who hears what the node says, and whether it is lost. */
    interface Listener {
        void heard(NodeSession from, NodeEvent event) throws InterruptedException;

        void lost(NodeSession session, String why);
    }

    private final Member member;
    private final JobId job;
    private final LeadSettings settings;
    private final Listener listener;
    private final Tasks.Latch opened;
    private final BlockingQueue<NodeEvent.Reached> reached;
    private final CompletableFuture<Optional<String>> staged = new CompletableFuture<>();
    private final CompletableFuture<Optional<String>> collected = new CompletableFuture<>();
    private final Tasks.Latch ended;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile NodeEvent.@Nullable Opened ready;
    private volatile NodeEvent.@Nullable Closed closed;
    private volatile String failure = "no answer";
    private volatile boolean lost;
    private volatile boolean silent;
    /** It has said that it does not take part: nothing of the job has ever been there. */
    private volatile boolean declined;

    private final long begun;
    /** By when there has to be an answer: of the agent, then of the agent with the keeper's place, then of the keeper. */
    private volatile long deadline;

    /** Who has to give it. */
    private volatile String awaited;

    private volatile Tasks.@Nullable Task heart;
    private Tasks.@Nullable Task follower;
    private @Nullable Line line;
    private boolean given;

    /** The way to the node's keeper. */
    private record Line(RpcChannel channel, RpcCall<NodeOrder, NodeEvent> call) implements AutoCloseable {
        @Override
        public void close() {
            call.close();
            channel.close();
        }
    }

    private NodeSession(Member member, JobId job, LeadSettings settings, Listener listener) {
        this.member = member;
        this.job = job;
        this.settings = settings;
        this.listener = listener;
        opened = settings.tasks().latch();
        ended = settings.tasks().latch();
        reached = settings.tasks().queue();
        begun = settings.tasks().nanos();
        deadline = begun + settings.opening().toNanos();
        awaited = "its agent at " + member.agent();
    }

    /**
     * Begins to open it. Does not wait: an agent that hangs says nothing either, since its kernel accepts the connection and
     * nobody answers on it.
     */
    static NodeSession begin(Member member, NodeOrder.Open order, LeadSettings settings, Listener listener) {
        NodeSession session = new NodeSession(member, order.job(), settings, listener);
        session.follower = settings.tasks().start("job-node", () -> session.follow(order));
        return session;
    }

    /** Asks the node's agent for its keeper, and goes on with that. */
    private Line connect() throws RpcFailed, InterruptedException {
        JobRpc.Place place;
        try (RpcChannel agent = settings.connections().to(Peer.agent(node(), member.agent()))) {
            agent.connect(settings.opening());
            deadline = settings.tasks().nanos() + JobRpc.PLACING.toNanos();
            awaited = "the keeper of jobs that its agent at " + member.agent() + " is to start";
            place = agent.call(JobRpc.PLACE, new JobRpc.Ask(node(), Optional.empty()), JobRpc.PLACING);
        }
        awaited = "its keeper of jobs at " + place.address();
        deadline = settings.tasks().nanos() + settings.opening().toNanos();
        synchronized (this) {
            if (given) {
                throw new InterruptedException("the job is over before this node took part in it");
            }
            RpcChannel channel = settings.connections().to(Peer.keeper(node(), place.address()));
            line = new Line(channel, channel.open(KeeperRpc.TAKE_PART, Optional.empty()));
            return line;
        }
    }

    /** The way to the keeper, if it has been found; if not, it will not be looked for any more. */
    private synchronized Optional<Line> lineOrNever() {
        given = true;
        return Optional.ofNullable(line);
    }

    /** Waits until the node is ready for processes. Empty if it is; otherwise why it will not be. */
    Optional<String> awaitOpen() throws InterruptedException {
        while (!opened.await(BETWEEN_LOOKS)) {
            if (settings.tasks().nanos() - deadline > 0) {
                failure = awaited + " gave no answer within "
                        + Duration.ofNanos(deadline - begun).toSeconds()
                        + " s: it hangs, or a firewall drops what goes to that port";
                silent = true;
                break;
            }
        }
        if (ready == null) {
            return Optional.of(failure);
        }
        return Optional.empty();
    }

    private void follow(NodeOrder.Open order) {
        try {
            RpcCall<NodeOrder, NodeEvent> call = connect().call();
            call.send(order);
            String end = "its keeper has ended the job";
            for (Optional<NodeEvent> event = call.next(); event.isPresent(); event = call.next()) {
                switch (event.get()) {
                    case NodeEvent.Opened open -> {
                        ready = open;
                        // At once: a node whose lead is silent gives the job up, and others may open slowly.
                        heart = settings.tasks().start("job-beat", this::beat);
                        opened.open();
                    }
                    case NodeEvent.Reached answer -> {
                        if (!reached.isEmpty() || !reached.offer(answer)) {
                            log.atWarn().log("a node says unasked whom it reaches");
                        }
                    }
                    case NodeEvent.Staged all -> staged.complete(all.failure());
                    case NodeEvent.CollectedAll all -> {
                        listener.heard(this, all);
                        collected.complete(all.failure());
                    }
                    case NodeEvent.Closed last -> closed = last;
                    case NodeEvent.Leaving leaving -> {
                        end = leaving.why();
                        listener.heard(this, leaving);
                    }
                    default -> listener.heard(this, event.get());
                }
            }
            over(end);
        } catch (RpcFailed e) {
            declined = ready == null && (e.kind() == RpcFailed.Kind.BUSY || e.kind() == RpcFailed.Kind.NOT_ENTITLED);
            over(reason(e));
        } catch (InterruptedException e) {
            over("interrupted");
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("job", job)
                    .addKeyValue("node", node())
                    .setCause(e)
                    .log("cannot follow a node");
            over("the lead cannot follow it: " + e);
        }
    }

    private void over(String why) {
        if (!lost) {
            failure = why;
        }
        opened.open();
        staged.complete(Optional.of(why));
        collected.complete(Optional.of(why));
        ended.open();
        if (ready != null && !lost && !closing.get()) {
            listener.lost(this, why);
        }
    }

    /** A node without power says nothing, and TCP notices late. */
    private void beat() {
        Line keeper = open();
        try {
            while (true) {
                settings.tasks().sleep(settings.beat());
                keeper.channel().call(KeeperRpc.BEAT, new KeeperRpc.Beat(job), settings.lost());
            }
        } catch (RpcFailed e) {
            if (!closing.get()) {
                failure = reason(e);
                lost = true;
                listener.lost(this, failure);
                keeper.call().close();
            }
        } catch (InterruptedException e) {
            log.atTrace().addKeyValue("job", job).log("no more beats");
        }
    }

    /** On one line: gRPC's own texts have several. */
    private static String reason(RpcFailed e) {
        return e.toString().replace(RpcFailed.class.getName() + ": ", "").replaceAll("\\s+", " ");
    }

    NodeName node() {
        return member.node();
    }

    Member member() {
        return member;
    }

    /** What is known of a node that is open. */
    NodeFacts facts() {
        NodeEvent.Opened open = opened();
        return new NodeFacts(
                open.cores(),
                open.pmiPort(),
                open.gidIndex(),
                open.vpcPort(),
                open.trafficClass(),
                open.serviceLevel(),
                open.pmix().orElse(false));
    }

    /** The processors that each rank of a node that is open is bound to, if they are. */
    List<String> cpus() {
        return opened().cpus().orElse(List.of());
    }

    /** Where these are. */
    List<RankSeat> seats() {
        return opened().seats();
    }

    /** Whether a node that is open has the job's working directory. */
    boolean hasDirectory() {
        return opened().hasDirectory();
    }

    /** Where a node that is open is reached in the cluster's VPC, if that was asked for. */
    Optional<Integer> vpcPort() {
        return opened().vpcPort();
    }

    /** What became of the last {@link NodeOrder.Reach}; empty if the node does not say by then. */
    Optional<NodeEvent.Reached> awaitReached(long by) throws InterruptedException {
        return Optional.ofNullable(reached.poll(by - settings.tasks().nanos(), TimeUnit.NANOSECONDS));
    }

    /** Why what the job brings along is not on this node, if that is known by now; an empty reason if all is there. */
    Optional<Optional<String>> staged() {
        return staged.isDone() ? Optional.of(staged.join()) : Optional.empty();
    }

    /** Waits until it is there, and returns why it is not if it is not. */
    Optional<String> awaitStaged() throws InterruptedException {
        return await(staged);
    }

    /** Why what the job has left is not all passed on, if that is known by now; an empty reason if it is. */
    Optional<Optional<String>> collected() {
        return collected.isDone() ? Optional.of(collected.join()) : Optional.empty();
    }

    /** Waits until all that the job has left for its caller was passed on, and returns why it was not if it was not. */
    Optional<String> awaitCollected() throws InterruptedException {
        return await(collected);
    }

    private static Optional<String> await(CompletableFuture<Optional<String>> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // It is never completed so.
        }
    }

    private NodeEvent.Opened opened() {
        NodeEvent.Opened open = ready;
        if (open == null) {
            throw new IllegalStateException("node " + node() + " is not open");
        }
        return open;
    }

    /** What the node's RDMA device had counted when the node was opened, if it was and counts. */
    Optional<NodeEvent.Packets> packetsBefore() {
        return Optional.ofNullable(ready).flatMap(NodeEvent.Opened::before);
    }

    private synchronized Line open() {
        if (line == null) {
            throw new IllegalStateException("node " + node() + " is not open");
        }
        return line;
    }

    /** Sends an order to a node that has been opened; one for a node that is lost is dropped. */
    void send(NodeOrder order) throws InterruptedException {
        open().call().send(order);
    }

    /** Lets the node end its part and waits for it. Empty if the node does not say how that went. */
    Optional<NodeEvent.Closed> end() throws InterruptedException {
        closing.set(true);
        Tasks.Task beating = heart;
        if (beating != null) {
            beating.interrupt();
        }
        Optional<Line> keeper = lineOrNever();
        if (keeper.isEmpty()) {
            // Nobody there has heard of this job.
            return Optional.of(new NodeEvent.Closed(Optional.empty(), List.of()));
        }
        keeper.get().call().sendNoMore();
        // One that has said nothing at all so far is not waited for once more.
        if (!silent && !ended.await(settings.closing())) {
            failure = "it did not end its part within " + settings.closing().toSeconds() + " s";
        }
        return declined ? Optional.of(new NodeEvent.Closed(Optional.empty(), List.of())) : Optional.ofNullable(closed);
    }

    /** Why the node gave no proper end. */
    String failure() {
        return failure;
    }

    @Override
    public void close() {
        Optional<Line> keeper = lineOrNever();
        Tasks.Task following = follower;
        if (following != null) {
            following.interrupt();
        }
        keeper.ifPresent(Line::close);
    }
}
