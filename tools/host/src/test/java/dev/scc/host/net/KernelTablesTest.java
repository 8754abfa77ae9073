package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.Mac;
import dev.scc.host.net.NetObject.Link;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Messages made by the rules of rtnetlink(7), for what not every kernel can make. */
class KernelTablesTest {
    private static final Map<Integer, String> NAMES = Map.of(3, "eth1", 7, "eth1.70");

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    private static byte[] attribute(int type, byte... value) {
        ByteBuffer attribute = bytes(4 + (value.length + 3 & ~3));
        attribute.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return written(attribute, attribute.limit());
    }

    private static byte[] written(ByteBuffer buffer, int count) {
        byte[] bytes = new byte[count];
        buffer.get(0, bytes);
        return bytes;
    }

    private static byte[] text(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] number(int number) {
        return written(bytes(4).putInt(number), 4);
    }

    private static byte[] all(byte[]... parts) {
        ByteBuffer all = bytes(4096);
        for (byte[] part : parts) {
            all.put(part);
        }
        return written(all, all.position());
    }

    private static Netlink.Entry vlan(String alias, int flags, byte[]... more) {
        return vlanWith(new byte[0], alias, flags, more);
    }

    private static Netlink.Entry vlanWith(byte[] settings, String alias, int flags, byte[]... more) {
        ByteBuffer head = bytes(16).putInt(4, 7).putInt(8, flags);
        byte[] id = written(bytes(2).putShort((short) 70), 2);
        byte[] attributes = all(
                attribute(3, text("eth1.70")),
                attribute(4, number(1500)),
                attribute(5, number(3)),
                attribute(1, (byte) 0x52, (byte) 0x54, (byte) 0, (byte) 0x99, (byte) 1, (byte) 1),
                attribute(27, number(LinuxMachine.GROUP)),
                attribute(20, text(alias)),
                // The kernel marks attributes that hold others with the highest bit, some of them.
                attribute(18, all(attribute(1, text("vlan")), attribute(0x8000 | 2, all(attribute(1, id), settings)))),
                all(more));
        return new Netlink.Entry(
                head, Netlink.attributes(ByteBuffer.wrap(attributes).order(ByteOrder.nativeOrder())));
    }

    @Test
    void aVlanIsRead() {
        assertThat(KernelTables.link(vlan("scc:demo", 1), NAMES))
                .contains(new Link(
                        "eth1.70",
                        "demo",
                        new LinkKind.Vlan("eth1", 70),
                        1500,
                        Optional.of(new Mac("52:54:00:99:01:01"))));
    }

    @Test
    void aVlansMapOfPrioritiesIsReadWithAllOfItsEntries() {
        Map<Integer, Link> ours =
                Map.of(7, KernelTables.link(vlan("scc:demo", 1), NAMES).orElseThrow());
        byte[] mapping = all(attribute(1, all(number(0), number(3))), attribute(1, all(number(5), number(4))));

        assertThat(KernelTables.priorities(vlanWith(attribute(3, mapping), "scc:demo", 1), ours))
                .contains(new NetObject.PriorityMap("eth1.70", Map.of(0, 3, 5, 4)));
        assertThat(KernelTables.priorities(vlan("scc:demo", 1), ours)).isEmpty();
        assertThat(KernelTables.priorities(vlanWith(attribute(3, mapping), "scc:demo", 1), Map.of()))
                .isEmpty();
    }

    @Test
    void aLinkThatIsDownOrHasNoAliasYetHasNoOwner() {
        assertThat(KernelTables.link(vlan("scc:demo", 0), NAMES))
                .hasValueSatisfying(link -> assertThat(link.owner()).isEmpty());
        assertThat(KernelTables.link(vlan("", 1), NAMES))
                .hasValueSatisfying(link -> assertThat(link.owner()).isEmpty());
    }

    @Test
    void aParentInAnotherNamespaceIsNotTakenForOneHereWithTheSameNumber() {
        assertThatThrownBy(() -> KernelTables.link(vlan("scc:demo", 1, attribute(37, number(0))), NAMES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("link name \"\"");
    }

    @Test
    void attributesThatAreNotAllThereAreRefused() {
        byte[] cut = written(bytes(8).putShort((short) 12).putShort((short) 3), 8);

        assertThatThrownBy(() -> Netlink.attributes(ByteBuffer.wrap(cut).order(ByteOrder.nativeOrder())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("12 bytes");
    }
}
