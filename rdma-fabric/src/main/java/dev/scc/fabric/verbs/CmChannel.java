package dev.scc.fabric.verbs;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An event channel of the RDMA connection manager. */
final class CmChannel implements AutoCloseable {
    private final RdmaEventChannel channel;

    private CmChannel(RdmaEventChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException if this kernel has no RDMA connection manager, or the process may not use it */
    static CmChannel open() throws IOException {
        return new CmChannel(RdmaEventChannel.createEventChannel());
    }

    /** A new id for reliable connections. */
    RdmaCmId newId() throws IOException {
        return channel.createId(RdmaCm.RDMA_PS_TCP);
    }

    /** The next event, if one comes within {@code millis}. */
    @SuppressWarnings("EnumOrdinal") // DiSNI numbers events by the position of their names.
    Optional<CmEvent> next(int millis) throws IOException {
        @Nullable RdmaCmEvent event = channel.getCmEvent(millis);
        if (event == null) {
            return Optional.empty();
        }
        event.ackEvent();
        return Optional.of(new CmEvent(EventType.values()[event.getEvent()], event.getConnIdPriv()));
    }

    @Override
    public void close() {
        Release.quietly("event channel", channel::destroyEventChannel);
    }

    /** What happened to which connection. */
    record CmEvent(EventType type, RdmaCmId id) {
        /** Such as {@code unreachable}. */
        String words() {
            return type.name()
                    .substring("RDMA_CM_EVENT_".length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', ' ');
        }
    }

    static InetSocketAddress socket(Ipv4 address, int port) throws IOException {
        return new InetSocketAddress(
                InetAddress.getByAddress(
                        ByteBuffer.allocate(4).putInt(address.bits()).array()),
                port);
    }

    /** The address in one of DiSNI's answers; empty if it gave none. */
    static Optional<Ipv4> ipv4(Object socket) {
        return socket instanceof InetSocketAddress inet && inet.getAddress().getAddress().length == 4
                ? Optional.of(
                        new Ipv4(ByteBuffer.wrap(inet.getAddress().getAddress()).getInt()))
                : Optional.empty();
    }
}
