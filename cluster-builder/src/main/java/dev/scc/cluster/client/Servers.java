package dev.scc.cluster.client;

import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Connections to the servers of a pool, of which one is in use at a time. Thread-safe. */
final class Servers implements RequestLines, AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final List<RpcChannel> channels;
    private final RpcMethod<ServerRpc.Ask, Told> asking;

    /** The one that answered last. */
    private volatile int current;

    Servers(List<String> addresses, Connections connections) {
        this(addresses, connections, ServerRpc.ASK);
    }

    /** @param asking by which requests are made */
    Servers(List<String> addresses, Connections connections, RpcMethod<ServerRpc.Ask, Told> asking) {
        this.asking = asking;
        channels = addresses.stream().map(Peer::server).map(connections::to).toList();
    }

    @Override
    public int servers() {
        return channels.size();
    }

    /** How often streams are to show that they live: with one server there is nothing to do about one that does not. */
    Duration beat() {
        return servers() > 1 ? RequestCall.BEAT : Duration.ZERO;
    }

    /**
     * How long the next one of several servers may take: all in turn, and then again with more time, because an answer that takes
     * longer than usual is still one. The only server may take all the time that is left.
     *
     * @param tried how many were asked before
     */
    static Duration turn(int tried, int servers, Duration left) {
        Duration most = RequestCall.SILENCE.multipliedBy(1L << Math.min(10, tried / servers));
        return servers > 1 && most.compareTo(left) < 0 ? most : left;
    }

    /** How long one may say nothing in the middle of a stream. */
    Duration silence(Duration alone) {
        return servers() > 1 ? RequestCall.SILENCE : alone;
    }

    private RpcChannel channel(int server) {
        return channels.get(Math.floorMod(current + server, servers()));
    }

    /**
     * One question, one answer, from whichever server answers first; each is asked in turn.
     *
     * @param within how long an answer may take
     * @param soon whether a server that lives answers at once: then one that is silent is left for the next one
     * @throws LineLost if there is none
     */
    <Q, A> A ask(RpcMethod<Q, A> method, Q question, Duration within, boolean soon)
            throws LineLost, InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        for (int tried = 0; ; tried++) {
            Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
            int server = Math.floorMod(current, servers());
            try {
                return channels.get(server).call(method, question, soon ? turn(tried, servers(), left) : left);
            } catch (RpcFailed e) {
                LineLost lost = lost(e);
                current = (server + 1) % servers();
                // Not once more for an instant: what is said then is no news.
                if (end - System.nanoTime() <= PAUSE.toNanos()) {
                    throw lost;
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    /** A stream of one server's, from the one in use on. */
    <Q, A> RpcCall<Q, A> open(int server, RpcMethod<Q, A> method, Q question) throws InterruptedException {
        RpcCall<Q, A> call = channel(server).open(method, Optional.empty());
        call.send(question);
        call.sendNoMore();
        return call;
    }

    @Override
    public Line open(int server, ServerRpc.Ask ask) {
        return new StreamLine(server, ask);
    }

    private final class StreamLine implements Line {
        private final int server;
        private final ServerRpc.Ask ask;
        private Optional<RpcCall<ServerRpc.Ask, Told>> call = Optional.empty();

        StreamLine(int server, ServerRpc.Ask ask) {
            this.server = server;
            this.ask = ask;
        }

        @Override
        public Told next(Duration atMost) throws LineLost, InterruptedException {
            if (call.isEmpty()) {
                call = Optional.of(Servers.this.open(server, asking, ask));
            }
            return Servers.next(call.get(), atMost);
        }

        @Override
        public void close() {
            call.ifPresent(RpcCall::close);
        }
    }

    /** The next answer of a stream that does not end by itself. */
    static <A> A next(RpcCall<?, A> call, Duration atMost) throws LineLost, InterruptedException {
        try {
            return call.next(atMost).orElseThrow(() -> LineLost.broken("the server ended the call"));
        } catch (RpcFailed e) {
            throw lost(e);
        }
    }

    /** What another server may do better; anything else is thrown. */
    static LineLost lost(RpcFailed e) {
        return switch (e.kind()) {
            case UNREACHABLE, UNKNOWN_METHOD, CANCELLED, BUSY -> LineLost.broken(String.valueOf(e.getMessage()));
            case TIMED_OUT -> LineLost.silent(String.valueOf(e.getMessage()));
            case INVALID, REFUSED -> throw new UserMistake(String.valueOf(e.getMessage()));
            case NOT_ENTITLED -> throw new NotEntitled(String.valueOf(e.getMessage()));
            case FAILED -> throw new ServerFailed(String.valueOf(e.getMessage()), e);
        };
    }

    @Override
    public void close() {
        channels.forEach(RpcChannel::close);
    }
}
