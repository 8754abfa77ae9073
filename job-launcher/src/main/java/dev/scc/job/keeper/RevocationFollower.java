package dev.scc.job.keeper;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.NodeName;
import dev.scc.job.rpc.JobRpc;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a keeper knows of those who were put out as its node's agent has it: a keeper does not read the tree. */
final class RevocationFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RevocationFollower.class);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final NodeName node;
    private final String agent;
    private final Connections connections;
    private final Thread thread;

    private RevocationFollower(NodeName node, String agent, Connections connections) {
        this.node = node;
        this.agent = agent;
        this.connections = connections;
        thread = Thread.ofVirtual().name("revocations").unstarted(this::run);
    }

    /** Begins to ask. */
    static RevocationFollower start(NodeName node, String agent, Connections connections) {
        RevocationFollower follower = new RevocationFollower(node, agent, connections);
        follower.thread.start();
        return follower;
    }

    private void run() {
        try {
            while (true) {
                ask();
                Thread.sleep(BETWEEN_QUESTIONS);
            }
        } catch (InterruptedException e) {
            log.atTrace().log("the keeper ends");
        }
    }

    private void ask() throws InterruptedException {
        try (RpcChannel channel = connections.to(Peer.agent(node, agent))) {
            Map<Principal, Instant> all = new HashMap<>();
            channel.call(JobRpc.PUT_OUT, new JobRpc.Own(node), ANSWER)
                    .all()
                    .forEach(one -> all.put(one.who(), Instant.ofEpochMilli(one.signedBeforeMillis())));
            connections.revocations().replace(all);
        } catch (RpcFailed e) {
            // It may be away for an upgrade; what was known is still so.
            log.atDebug().setCause(e).log("the agent does not say who was put out");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
