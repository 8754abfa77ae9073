package dev.scc.testbed;

import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;

/**
 * One node of a testbed.
 *
 * @param number from 1
 */
public record TestbedNode(int number) {
    /** The host's end of the underlay, in the testbed's namespace: where a server listens. */
    public static final Ipv4 HOST = Ipv4.parse("10.99.0.1");

    /** Prefix length of the underlay's addresses. */
    public static final int PREFIX = 16;

    /** The node's NIC on the underlay. */
    public static final String UNDERLAY_NETDEV = "eth0";

    /** The node's RDMA NIC, without an address and without an rxe link: both are the agent's work. */
    public static final String RDMA_NETDEV = "eth1";

    /** MTU of the RDMA NIC: the least that gives RoCE packets of 4096 bytes, with a VLAN tag too. */
    public static final int RDMA_MTU = 4200;

    /** The host's end of each guest's wire for commands, which no guest shares with another. */
    static final Ipv4 CONTROL_HOST = Ipv4.parse("169.254.98.1");

    /** On that wire. */
    static final int EXEC_PORT = 7099;

    private static final int BEFORE_FIRST = 9;

    /** Nodes in memory, of which there are more, have no MAC. */
    private static final int LAST_BYTE = 0xff;

    public TestbedNode {
        if (number < 1 || number > NodeKind.Sim.MOST_NODES) {
            throw new IllegalArgumentException("node number " + number + " is not 1 to " + NodeKind.Sim.MOST_NODES);
        }
    }

    /** Of the addresses of the host and all nodes. */
    static Cidr subnet() {
        return Cidr.parse("10.99.0.0/" + PREFIX);
    }

    /** {@code n1}, {@code n2}, ... */
    public NodeName name() {
        return new NodeName("n" + number);
    }

    /** Of the node's {@code eth0}: 10.99.0.11 for {@code n1}. */
    public Ipv4 address() {
        return HOST.plus(BEFORE_FIRST + number);
    }

    /** Of a guest's end of its wire for commands: 169.254.98.11 for {@code n1}. */
    Ipv4 control() {
        return CONTROL_HOST.plus(BEFORE_FIRST + number);
    }

    /** The host's end of a guest's wire for commands: a tap. */
    String controlPort() {
        return "c" + number;
    }

    String controlMac() {
        return String.format("52:54:00:99:02:%02x", number & LAST_BYTE);
    }

    /** The node's end on the bridge {@code underlay}: a tap or one end of a veth. */
    String underlayPort() {
        return "u" + number;
    }

    /** The node's end on the bridge {@code fabric}. */
    String fabricPort() {
        return "f" + number;
    }

    String underlayMac() {
        return String.format("52:54:00:99:00:%02x", number & LAST_BYTE);
    }

    String fabricMac() {
        return String.format("52:54:00:99:01:%02x", number & LAST_BYTE);
    }
}
