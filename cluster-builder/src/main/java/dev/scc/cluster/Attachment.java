package dev.scc.cluster;

import dev.scc.host.Bounds;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What a container runtime knows an interface of one of its containers by, as the Container Network Interface (CNI, version 1.1)
 * has it.
 *
 * @param network name of the network's configuration
 * @param container id of the container
 * @param device name of the interface in the container
 * @param name by which the container keeps its address over restarts; its id, if it has no other
 */
public record Attachment(String network, String container, String device, String name) {
    private static final int LONGEST = 150;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");

    public Attachment {
        check("network", network);
        check("container", container);
        Bounds.within("length of the container's name", name.length(), 1, 2 * LONGEST);
        if (!DEVICE.matcher(device).matches()) {
            throw new IllegalArgumentException("device: \"" + device + "\" is no name of an interface");
        }
    }

    private static void check(String what, String id) {
        if (id.length() > LONGEST || !ID.matcher(id).matches()) {
            throw new IllegalArgumentException(what + ": \"" + Bounds.cut(id, LONGEST) + "\" is no id of up to "
                    + LONGEST + " letters, digits and _.- that begins with a letter or digit");
        }
    }

    /** Whether it is the same attachment; a runtime has one of a container and interface in a network. */
    public boolean isSame(Attachment other) {
        return network.equals(other.network) && container.equals(other.container) && device.equals(other.device);
    }

    /** Which host address of a network it would like to have, from 0: the same each time, and spread over all of them. */
    public long preferred(long hosts) {
        CRC32 hash = new CRC32();
        hash.update((name + "/" + device).getBytes(StandardCharsets.UTF_8));
        return hash.getValue() % hosts;
    }

    @Override
    public String toString() {
        return container + "/" + device;
    }
}
