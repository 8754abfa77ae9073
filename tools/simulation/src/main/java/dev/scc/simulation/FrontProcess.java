package dev.scc.simulation;

import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.front.RequestFollowing;
import dev.scc.cluster.front.RequestIdTaken;
import dev.scc.cluster.tree.ConnectionLost;
import java.time.Duration;

/**
 * One call that a server serves: the real code writes the request, unless it is there, and follows it. It lives and dies with
 * its server, and has a session of its own, whose replica may be behind the one that another server's call reads.
 */
final class FrontProcess extends SimProcess {
    final String server;
    final String id;
    private final Listener listener;

    /** Whoever is told. */
    interface Listener {
        void tell(Told told);

        /** Nothing is told any more. */
        void broken(String why);
    }

    FrontProcess(Simulation sim, String server, ClientProcess client, ServerRpc.Ask ask, Listener listener) {
        super(sim, server + "/" + client.name);
        this.server = server;
        this.id = ask.id();
        this.listener = listener;
        start(() -> serve(ask, client.caller));
    }

    private void serve(ServerRpc.Ask ask, String caller) {
        SimTree tree = SimTree.ofServer(this);
        RequestRecord record =
                new RequestRecord(ask.request(), caller, clock().instant().toEpochMilli());
        RequestFollowing following = new RequestFollowing(
                tree,
                (path, named, anything) -> {
                    tree.watch(path, named, anything);
                    return () -> {};
                },
                new TimelineWaiting(this),
                ask.id(),
                record,
                listener::tell);
        try {
            following.run(Duration.ofMillis(ask.beatMillis()));
        } catch (ConnectionLost e) {
            sim.tally.fault("a server had to send its caller away");
            listener.broken("this server has lost ZooKeeper");
        } catch (RequestIdTaken e) {
            throw new BrokenPromise("P2", id + " is another request", e);
        } catch (InterruptedException e) {
            throw new BrokenPromise("a call does not fail", name + " was interrupted", e);
        }
        exit();
    }

    /** Its server is dead, or its caller has gone. */
    @Override
    void kill() {
        if (alive()) {
            super.kill();
            listener.broken("the server is gone");
        }
    }
}
