package dev.scc.cluster.rpc;

import dev.scc.cluster.RequestRecord;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands where a listening channel takes connections up, has their TLS handshakes wait for their turns, and learns how they end. One
 * that was closed before a single byte came is nobody's attempt. Thread-safe.
 */
@ChannelHandler.Sharable
public final class Newcomers extends ChannelInboundHandlerAdapter {
    private static final String CROWDED = "too many handshakes began at the same time: it has to try again";
    private static final HandshakeTurns TURNS = HandshakeTurns.OF_THIS_PROCESS;

    /** An honest peer answers within a few round trips. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(1);

    private final String door;
    private final Consumer<RefusedConnection> refused;
    private final BiConsumer<Channel, SslHandler> welcome;

    /**
     * Tells how handshakes end.
     *
     * @param door what is listened for
     * @param refused is told of those that have failed, on a thread that reads connections
     * @param welcome is called right after one has succeeded, before anything that follows is read
     */
    public Newcomers(String door, Consumer<RefusedConnection> refused, BiConsumer<Channel, SslHandler> welcome) {
        this.door = door;
        this.refused = refused;
        this.welcome = welcome;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        if (accepted instanceof Channel child) {
            child.pipeline().addLast(new Newcomer());
        }
        context.fireChannelRead(accepted);
    }

    /** Of one connection. */
    private final class Newcomer extends ChannelInboundHandlerAdapter {
        private final List<Object> held = new ArrayList<>();
        private HandshakeTurns.@Nullable Turn turn;
        private boolean begun;
        private boolean hooked;
        private boolean spoke;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            hook(context);
            context.fireChannelActive();
            hook(context);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            spoke = true;
            hook(context);
            if (begun || !hooked) {
                context.fireChannelRead(message);
                return;
            }
            held.add(message);
            if (turn == null) {
                context.channel().config().setAutoRead(false);
                turn = TURNS.await(
                        host(context.channel()), () -> context.executor().execute(() -> begin(context)));
            }
        }

        private void begin(ChannelHandlerContext context) {
            HandshakeTurns.Turn mine = Objects.requireNonNull(turn);
            if (!context.channel().isActive()) {
                TURNS.giveBack(mine);
                return;
            }
            var _ = context.executor()
                    .schedule(() -> TURNS.giveBack(mine), LONGEST_TURN.toMillis(), TimeUnit.MILLISECONDS);
            begun = true;
            List.copyOf(held).forEach(context::fireChannelRead);
            held.clear();
            context.fireChannelReadComplete();
            context.channel().config().setAutoRead(true);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            held.forEach(ReferenceCountUtil::release);
            held.clear();
            over();
            context.fireChannelInactive();
        }

        private void over() {
            if (turn != null) {
                TURNS.giveBack(turn);
            }
        }

        private void hook(ChannelHandlerContext context) {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            if (hooked || tls == null) {
                return;
            }
            hooked = true;
            tls.handshakeFuture().addListener(ended -> {
                over();
                if (ended.isSuccess()) {
                    welcome.accept(context.channel(), tls);
                } else if (spoke) {
                    refused.accept(new RefusedConnection(
                            door,
                            RequestRecord.UNPROVEN,
                            address(context.channel()),
                            begun ? why(ended.cause()) : CROWDED));
                }
            });
        }
    }

    /** Host and port of the other side. */
    static String address(Channel channel) {
        SocketAddress from = channel.remoteAddress();
        return from instanceof InetSocketAddress internet
                ? internet.getAddress().getHostAddress() + ":" + internet.getPort()
                : String.valueOf(from);
    }

    /** Its address without the port. */
    private static String host(Channel channel) {
        String address = address(channel);
        return address.substring(0, Math.max(0, address.lastIndexOf(':')));
    }

    /** In our words: what came instead of a handshake is nobody's business, and may be a secret. */
    private static String why(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof CertificateException) {
                return String.valueOf(each.getMessage());
            }
        }
        return switch (cause) {
            case NotSslRecordException _ -> "it does not speak TLS";
            case SslHandshakeTimeoutException _ -> "it took too long to say who it is";
            case ClosedChannelException _ -> "it left before it had said who it is";
            // The JDK begins with the alert that it sends.
            default -> String.valueOf(cause.getMessage()).replaceFirst("^\\([a-z_]+\\) ", "");
        };
    }
}
