package dev.scc.fabric.segment;

import dev.scc.fabric.VlanId;
import java.util.regex.Pattern;

/** How the link of a segment is called: everyone who needs the name asks here. */
public final class SegmentLink {
    /** The kernel's IFNAMSIZ, less the zero at the end. */
    private static final int LONGEST = 15;

    /** Tools take a name that begins so for an option, or for nothing they know. */
    private static final Pattern NO_BEGINNING = Pattern.compile("^[.:_-]+");

    private SegmentLink() {}

    /**
     * The interface's name, a dot, and the VLAN. Where that is longer than the kernel allows, the interface's name is
     * shortened from its front: its end tells ports apart. A node has one interface for segments and a segment its own
     * VLAN, so no two segments have one name.
     */
    public static String name(String rdmaNetdev, VlanId vlan) {
        String end = "." + vlan;
        int room = LONGEST - end.length();
        if (rdmaNetdev.length() <= room) {
            return rdmaNetdev + end;
        }
        String shortened = rdmaNetdev.substring(rdmaNetdev.length() - room);
        return NO_BEGINNING.matcher(shortened).replaceFirst("") + end;
    }
}
