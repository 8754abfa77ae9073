package dev.scc.vpc;

/**
 * A tap on the node, for the virtual machine that opens it: the guest behind it has the ENI's address and Ethernet address. It is
 * there whether a guest runs or not.
 */
public record GuestTap() implements EniPlace {
    static final String TEXT = "tap";

    @Override
    public String text() {
        return TEXT;
    }

    @Override
    public String words() {
        return "a guest's tap";
    }

    @Override
    public String toString() {
        return TEXT;
    }
}
