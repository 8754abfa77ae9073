package dev.scc.host.net;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.libc.NetlinkSocket;
import dev.scc.host.net.Netlink.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How an interface treats classes of traffic, by the kernel's data centre bridging (IEEE 802.1Qaz; Linux's dcbnl.h).
 *
 * @param lossless priorities with flow control of their own (PFC), ascending
 * @param byDscp whether a table of DSCPs is there, by which its driver sorts packets rather than by their VLAN's priority
 */
public record FlowControl(List<Integer> lossless, boolean byDscp) {
    private static final int RTM_GETDCB = 78;
    private static final byte DCB_CMD_IEEE_GET = 21;
    private static final int DCB_ATTR_IFNAME = 1;
    private static final int DCB_ATTR_IEEE = 13;
    private static final int DCB_ATTR_IEEE_PFC = 2;
    private static final int DCB_ATTR_IEEE_APP_TABLE = 3;
    private static final byte DSCP_SELECTOR = 5;
    private static final int PRIORITIES = 8;

    public FlowControl {
        lossless = List.copyOf(lossless);
    }

    /**
     * Those of the interfaces whose drivers tell, by name.
     *
     * @throws CommandFailed if the kernel cannot be asked
     */
    public static Map<String, FlowControl> of(NetworkNamespace namespace, List<String> interfaces)
            throws CommandFailed, InterruptedException {
        try {
            return namespace.inside(() -> read(interfaces));
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailed("cannot read the interfaces' flow control: " + e.getMessage(), e);
        }
    }

    private static Map<String, FlowControl> read(List<String> interfaces) throws IOException {
        Map<String, FlowControl> all = new TreeMap<>();
        try (Netlink netlink = Netlink.open(NetlinkSocket.ROUTE)) {
            for (String name : interfaces) {
                netlink.ask(RTM_GETDCB, question(name), 4)
                        .flatMap(FlowControl::of)
                        .ifPresent(flow -> all.put(name, flow));
            }
        }
        return all;
    }

    /** struct dcbmsg (family, command, padding), and the interface. */
    private static byte[] question(String name) {
        byte[] text = (name + "\0").getBytes(StandardCharsets.UTF_8);
        ByteBuffer question = ByteBuffer.allocate(8 + (text.length + 3 & ~3)).order(ByteOrder.nativeOrder());
        question.put((byte) 0).put(DCB_CMD_IEEE_GET).putShort((short) 0);
        question.putShort((short) (4 + text.length))
                .putShort((short) DCB_ATTR_IFNAME)
                .put(text);
        return question.array();
    }

    /** Empty if the driver has nothing of that kind. */
    static Optional<FlowControl> of(Entry entry) {
        Optional<Map<Integer, ByteBuffer>> ieee = entry.attribute(DCB_ATTR_IEEE).map(Netlink::attributes);
        Optional<ByteBuffer> pfc = ieee.map(all -> all.get(DCB_ATTR_IEEE_PFC)).filter(bytes -> bytes.limit() >= 2);
        return pfc.map(bytes -> new FlowControl(
                bits(bytes.get(1)),
                ieee.map(all -> all.get(DCB_ATTR_IEEE_APP_TABLE))
                        .filter(FlowControl::hasDscps)
                        .isPresent()));
    }

    private static List<Integer> bits(byte enabled) {
        List<Integer> priorities = new ArrayList<>();
        for (int priority = 0; priority < PRIORITIES; priority++) {
            if ((enabled >> priority & 1) != 0) {
                priorities.add(priority);
            }
        }
        return priorities;
    }

    /** Each entry is a struct dcb_app: selector, priority, protocol. */
    private static boolean hasDscps(ByteBuffer table) {
        List<ByteBuffer> entries = new ArrayList<>();
        Netlink.each(table, (_, entry) -> entries.add(entry));
        return entries.stream().anyMatch(entry -> entry.limit() > 0 && entry.get(0) == DSCP_SELECTOR);
    }
}
