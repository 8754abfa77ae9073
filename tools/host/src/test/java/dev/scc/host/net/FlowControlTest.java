package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Written after Linux's dcbnl.h; not captured on hardware. */
class FlowControlTest {
    private static byte[] attribute(int type, byte... value) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + (value.length + 3 & ~3)).order(ByteOrder.nativeOrder());
        bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return bytes.array();
    }

    private static byte[] all(byte[]... parts) {
        ByteBuffer bytes = ByteBuffer.allocate(
                List.of(parts).stream().mapToInt(part -> part.length).sum());
        List.of(parts).forEach(bytes::put);
        return bytes.array();
    }

    private static Netlink.Entry entry(byte[]... ieee) {
        return new Netlink.Entry(
                ByteBuffer.allocate(4),
                Netlink.attributes(ByteBuffer.wrap(attribute(13, all(ieee))).order(ByteOrder.nativeOrder())));
    }

    /** struct ieee_pfc: 8 classes can have it, two have it. */
    private static byte[] pfc(int enabled) {
        byte[] pfc = new byte[136];
        pfc[0] = 8;
        pfc[1] = (byte) enabled;
        return attribute(2, pfc);
    }

    @Test
    void prioritiesWithFlowControlAreRead() {
        assertThat(FlowControl.of(entry(pfc(0b1000)))).contains(new FlowControl(List.of(3), false));
        assertThat(FlowControl.of(entry(pfc(0b1000_0001)))).contains(new FlowControl(List.of(0, 7), false));
        assertThat(FlowControl.of(entry(pfc(0)))).contains(new FlowControl(List.of(), false));
    }

    @Test
    void aTableOfDscpsMeansThatTheyAreTrusted() {
        byte[] priorityOfDscp26 = attribute(1, (byte) 5, (byte) 3, (byte) 26, (byte) 0);
        byte[] priorityOfRoce = attribute(1, (byte) 1, (byte) 3, (byte) 0x15, (byte) 0x89);

        assertThat(FlowControl.of(entry(pfc(8), attribute(3, all(priorityOfRoce, priorityOfDscp26)))))
                .contains(new FlowControl(List.of(3), true));
        assertThat(FlowControl.of(entry(pfc(8), attribute(3, priorityOfRoce))))
                .contains(new FlowControl(List.of(3), false));
    }

    @Test
    void aDriverWithoutItTellsNothing() {
        assertThat(FlowControl.of(entry())).isEmpty();
    }
}
