package dev.scc.cluster.zk;

import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.TreeRole;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.SetDataRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a node's session asks of ZooKeeper before ZooKeeper does, and ends the connection at the first request that no
 * agent makes: one that is too large, or makes an entry that is larger than its kind may be, bears an access list of the node's own,
 * or lives otherwise than the table says. ZooKeeper asks {@link TreeGuard} by the path alone, before it appends a number to that
 * of a sequential entry. Of one connection; not thread-safe.
 */
final class NodeRequests extends LengthFieldBasedFrameDecoder {
    private static final Logger log = LoggerFactory.getLogger(NodeRequests.class);

    /** Bytes of a request: almost four of a node's largest entries. */
    static final int LARGEST = 64 << 10;

    private static final int LENGTH_BYTES = 4;

    private static final String REMOVED_BY_ITSELF = "an entry that ZooKeeper removes by itself";

    private final String node;
    private final NodePace pace;
    private final Consumer<String> refused;
    private boolean connects = true;
    private boolean over;
    private boolean resting;
    private boolean hasRested;

    /**
     * Of one connection.
     *
     * @param node whose it is; what it asks of others' entries is for {@link TreeGuard}
     * @param pace of all nodes
     * @param refused is told why the connection ends
     */
    NodeRequests(String node, NodePace pace, Consumer<String> refused) {
        super(LARGEST, 0, LENGTH_BYTES, 0, 0);
        this.node = node;
        this.pace = pace;
        this.refused = refused;
    }

    @Override
    protected @Nullable Object decode(ChannelHandlerContext context, ByteBuf in) throws Exception {
        if (over) {
            in.skipBytes(in.readableBytes());
            return null;
        }
        if (resting) {
            // ZooKeeper has it read again when it has done what it was asked.
            context.channel().config().setAutoRead(false);
            return null;
        }
        @Nullable Object frame;
        try {
            frame = super.decode(context, in);
        } catch (TooLongFrameException e) {
            end(context, in, "a request of more than " + LARGEST + " bytes");
            return null;
        }
        if (!(frame instanceof ByteBuf request)) {
            return null;
        }
        Optional<String> objection = connects ? Optional.empty() : objection(request);
        connects = false;
        if (objection.isPresent()) {
            request.release();
            end(context, in, objection.get());
            return null;
        }
        long nanos = pace.take(node, request.readableBytes());
        if (nanos > 0) {
            rest(context, nanos);
        }
        return request;
    }

    /** What the node sends meanwhile stays in its own buffers. */
    private void rest(ChannelHandlerContext context, long nanos) {
        if (!hasRested) {
            hasRested = true;
            log.atWarn()
                    .addKeyValue("node", node)
                    .log("it asks for more than a node may, and is read slowly from now on");
        }
        resting = true;
        context.channel().config().setAutoRead(false);
        var _ = context.executor().schedule(() -> goOn(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void goOn(ChannelHandlerContext context) {
        resting = false;
        if (context.isRemoved() || !context.channel().isActive()) {
            return;
        }
        context.channel().config().setAutoRead(true);
        try {
            // What had come before.
            channelRead(context, Unpooled.EMPTY_BUFFER);
            channelReadComplete(context);
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }

    private void end(ChannelHandlerContext context, ByteBuf in, String why) {
        over = true;
        in.skipBytes(in.readableBytes());
        refused.accept(why);
        var _ = context.close();
    }

    /** Why no agent asks that; empty if one may. */
    private Optional<String> objection(ByteBuf request) {
        int length = request.readableBytes();
        ByteBuf content = request.slice(request.readerIndex() + LENGTH_BYTES, length - LENGTH_BYTES);
        // Else a length in it would be believed that the whole request does not have.
        BinaryInputArchive archive =
                new BinaryInputArchive(new DataInputStream(new ByteBufInputStream(content)), length, 0);
        try {
            RequestHeader header = new RequestHeader();
            header.deserialize(archive, "header");
            return objection(header.getType(), archive);
        } catch (IOException e) {
            return Optional.of("a request that cannot be read");
        }
    }

    private Optional<String> objection(int type, BinaryInputArchive archive) throws IOException {
        return switch (type) {
            case ZooDefs.OpCode.create, ZooDefs.OpCode.create2 -> {
                CreateRequest create = new CreateRequest();
                create.deserialize(archive, "request");
                yield objection(create);
            }
            case ZooDefs.OpCode.setData -> {
                SetDataRequest set = new SetDataRequest();
                set.deserialize(archive, "request");
                yield tooLarge(set.getPath(), set.getData());
            }
            case ZooDefs.OpCode.multi -> {
                MultiOperationRecord all = new MultiOperationRecord();
                all.deserialize(archive, "request");
                yield objection(all);
            }
            case ZooDefs.OpCode.createContainer, ZooDefs.OpCode.createTTL -> Optional.of(REMOVED_BY_ITSELF);
            case ZooDefs.OpCode.auth, ZooDefs.OpCode.sasl -> Optional.of("a name that it says in words");
            case ZooDefs.OpCode.reconfig -> Optional.of("another ensemble");
            default -> Optional.empty();
        };
    }

    private Optional<String> objection(MultiOperationRecord all) {
        for (Op one : all) {
            Optional<String> objection = objection(one);
            if (objection.isPresent()) {
                return objection;
            }
        }
        return Optional.empty();
    }

    private Optional<String> objection(Op one) {
        return switch (one.toRequestRecord()) {
            case CreateRequest create -> objection(create);
            case SetDataRequest set -> tooLarge(set.getPath(), set.getData());
            default ->
                one.getType() == ZooDefs.OpCode.createTTL || one.getType() == ZooDefs.OpCode.createContainer
                        ? Optional.of(REMOVED_BY_ITSELF)
                        : Optional.empty();
        };
    }

    private Optional<String> objection(CreateRequest create) {
        Optional<TreeEntry> own = TreeEntry.at(create.getPath())
                .filter(kind -> kind.writtenBy(TreeRole.AGENT))
                .filter(kind -> kind.owner(create.getPath()).equals(Optional.of(node)));
        if (own.isEmpty()) {
            return Optional.empty();
        }
        int mode = (own.get().lifetime() == TreeEntry.Lifetime.SESSION ? CreateMode.EPHEMERAL : CreateMode.PERSISTENT)
                .toFlag();
        List<ACL> access = create.getAcl();
        if (create.getFlags() != mode) {
            return Optional.of("another lifetime of " + create.getPath() + " than the table has");
        }
        if (!Transactions.access(true).equals(access)) {
            return Optional.of("another access list of " + create.getPath() + " than the table");
        }
        return tooLarge(create.getPath(), create.getData());
    }

    private static Optional<String> tooLarge(String path, byte @Nullable [] data) {
        int bytes = data == null ? 0 : data.length;
        return TreeEntry.at(path)
                .filter(kind -> bytes > kind.largest())
                .map(kind -> bytes + " bytes for " + path + ", which may have " + kind.largest());
    }
}
