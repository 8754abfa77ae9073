package dev.scc.cluster.verify;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Asks all members of a cluster at the same time. Of one use. Thread-safe. */
final class AllMembers {
    private final Connections connections;
    private final Roster roster;
    private final Map<NodeName, RpcFailed> failures = new LinkedHashMap<>();
    private final TreeSet<NodeName> asked = new TreeSet<>();

    AllMembers(Connections connections, Roster roster) {
        this.connections = connections;
        this.roster = roster;
    }

    /** A call to one member's agent, which returns when its answer is complete. */
    @FunctionalInterface
    interface Call {
        void to(RpcChannel agent, Member member) throws RpcFailed, InterruptedException;
    }

    /**
     * Returns when the last has answered or failed, or one has said that it cannot at all; the others have given up then.
     *
     * @param missing told of each member whose agent cannot be reached or does not go on, by several threads
     * @return the failures
     * @throws Busy as soon as a member says that it is busy; the others have given up when it is thrown
     */
    Map<NodeName, RpcFailed> ask(List<Member> members, Call call, Consumer<Member> missing)
            throws Busy, InterruptedException {
        List<Thread> threads = new ArrayList<>();
        members.forEach(member -> asked.add(member.node()));
        try {
            for (Member member : members) {
                threads.add(Thread.ofVirtual()
                        .name("verify " + roster.cluster() + " " + member.node())
                        .start(() -> ask(member, call, missing)));
            }
            Optional<RpcFailed> hopeless = await();
            if (hopeless.isPresent()) {
                // A member may be busy for longer than all the others take, and they are needed when it is free.
                threads.forEach(Thread::interrupt);
                for (Thread thread : threads) {
                    thread.join();
                }
                if (hopeless.get().kind() == RpcFailed.Kind.BUSY) {
                    throw new Busy(String.valueOf(hopeless.get().getMessage()));
                }
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
        synchronized (this) {
            return new LinkedHashMap<>(failures);
        }
    }

    private void ask(Member member, Call call, Consumer<Member> missing) {
        try {
            if (member.rdmaDevice().isEmpty()) {
                throw new RpcFailed(RpcFailed.Kind.FAILED, "there is no RDMA device");
            }
            if (member.agent().isEmpty()) {
                throw new RpcFailed(RpcFailed.Kind.UNREACHABLE, "nobody knows where its agent is");
            }
            try (RpcChannel agent = connections.to(Peer.agent(member.node(), member.agent()))) {
                call.to(agent, member);
            }
        } catch (RpcFailed e) {
            synchronized (this) {
                failures.put(member.node(), e);
            }
            missing.accept(member);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                asked.remove(member.node());
                notifyAll();
            }
        }
    }

    private synchronized Optional<RpcFailed> await() throws InterruptedException {
        while (!asked.isEmpty() && hopeless().isEmpty()) {
            wait();
        }
        return hopeless();
    }

    private Optional<RpcFailed> hopeless() {
        return failures.values().stream()
                .filter(failure -> failure.kind() == RpcFailed.Kind.BUSY || failure.kind() == RpcFailed.Kind.FAILED)
                .findFirst();
    }

    /** Why this member's part has ended, if it failed. */
    synchronized Optional<RpcFailed> failure(NodeName member) {
        return Optional.ofNullable(failures.get(member));
    }

    /** Whether this member is still at it. */
    synchronized boolean isAsked(NodeName member) {
        return asked.contains(member);
    }
}
