package dev.scc.job.node;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** How long one job's part lives on this node: until it is over, its lead is gone, or the node leaves. */
final class NodeJob {
    private final NodeOrder.Open open;
    private final Answers<NodeEvent> lead;
    private final Tasks tasks;
    private final Part part;
    private final AtomicReference<Optional<String>> leaving = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<String>> leadLost = new AtomicReference<>(Optional.empty());
    private volatile long lastBeat;

    /**
     * Makes what the job needs of the node.
     *
     * @throws IOException if a part of it cannot be made; what was made before is removed again
     */
    NodeJob(Parts parts, NodeOrder.Open open, Roster serves, Answers<NodeEvent> lead, Tasks tasks)
            throws IOException, InterruptedException {
        this.open = open;
        this.lead = lead;
        this.tasks = tasks;
        lastBeat = tasks.nanos();
        part = parts.make(open, serves, lead);
    }

    Part part() {
        return part;
    }

    /** From now on it ends because of what happens to this node. False if it was told so already. */
    boolean leave(String why) {
        return leaving.compareAndSet(Optional.empty(), Optional.of(why));
    }

    /** The lead is not there any more, or none of the cluster: the first reason counts. */
    void leadLost(String why) {
        leadLost.compareAndSet(Optional.empty(), Optional.of(why));
    }

    /** What is to be told of the job because its lead cannot, and why that cannot. */
    Optional<Witnesses.Loss> loss() {
        return open.witnessed().flatMap(record -> leadLost.get().map(why -> new Witnesses.Loss(record, why)));
    }

    /** Why this node ends its part by itself, if it does. */
    Optional<String> leaving() {
        return leaving.get();
    }

    /** The node that leads the job. */
    NodeName lead() {
        return open.lead();
    }

    /** The lead is alive and still wants this job. */
    void beat() {
        lastBeat = tasks.nanos();
        part.look().ifPresent(this::note);
    }

    private void note(String what) {
        try {
            lead.send(new NodeEvent.Noted(what));
        } catch (InterruptedException e) {
            tasks.current().interrupt();
        }
    }

    /** Whether nothing has been heard of the lead for that long. */
    boolean forgotten(Duration silence) {
        return tasks.nanos() - lastBeat > silence.toNanos();
    }

    /** Does what the lead says. Never waits for the lead. */
    void obey(NodeOrder order) throws RpcFailed, InterruptedException {
        part.obey(order);
    }
}
