package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node's session may send, byte by byte. */
class NodeRequestsTest {
    private final List<String> refused = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new NodeRequests("n1", new NodePace(nanos::get), refused::add));

    private void connect() {
        channel.writeInbound(frame(new byte[40]));
        ByteBuf read = channel.readInbound();
        assertThat(read.readableBytes()).isEqualTo(44);
        read.release();
    }

    private static ByteBuf frame(byte[] content) {
        return Unpooled.buffer().writeInt(content.length).writeBytes(content);
    }

    /** A request that has that type, and whose path is said to be so long. */
    private static byte[] request(int type, int lengthOfPath) {
        return ByteBuffer.allocate(16)
                .putInt(1)
                .putInt(type)
                .putInt(lengthOfPath)
                .array();
    }

    /** Class of hole: lengths that overflow, or that are believed before anything of that length has come. */
    @ParameterizedTest
    @ValueSource(ints = {-1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 24, 64 << 10, 5})
    void noLengthInsideOfARequestIsBelieved(int length) {
        for (int type : new int[] {ZooDefs.OpCode.create, ZooDefs.OpCode.create2, ZooDefs.OpCode.setData}) {
            EmbeddedChannel each = new EmbeddedChannel(new NodeRequests("n1", new NodePace(nanos::get), refused::add));
            each.writeInbound(frame(new byte[40]));
            refused.clear();

            each.writeInbound(frame(request(type, length)));

            // A path that is not there is nobody's, and ZooKeeper says so.
            if (length != -1) {
                assertThat(refused).as("type %d", type).containsExactly("a request that cannot be read");
                assertThat(each.isOpen()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 65533})
    void noLengthOfARequestIsWaitedFor(int length) {
        connect();

        try {
            channel.writeInbound(Unpooled.buffer().writeInt(length).writeBytes(new byte[100]));
        } catch (DecoderException e) {
            // ZooKeeper's pipeline closes a connection on which something is thrown.
            assertThat(length).isNegative();
            return;
        }

        assertThat(refused).containsExactly("a request of more than 65536 bytes");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatComesTooFastIsReadLaterAndInOrder() {
        connect();
        int many = 5000;
        for (int i = 0; i < many; i++) {
            channel.writeInbound(frame(
                    ByteBuffer.allocate(8).putInt(i).putInt(ZooDefs.OpCode.ping).array()));
        }

        int atOnce = channel.inboundMessages().size();
        assertThat(atOnce).isBetween(3500, 4200);
        assertThat(channel.config().isAutoRead()).isFalse();
        for (int turn = 0; turn < 60 && channel.inboundMessages().size() < many; turn++) {
            nanos.addAndGet(1_000_000_000L);
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        assertThat(channel.inboundMessages()).hasSize(many);
        for (int i = 0; i < many; i++) {
            ByteBuf read = channel.readInbound();
            assertThat(read.getInt(4)).isEqualTo(i);
            read.release();
        }
        assertThat(refused).isEmpty();
    }
}
