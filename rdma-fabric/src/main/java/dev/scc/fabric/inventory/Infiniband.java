package dev.scc.fabric.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What scc does not serve: segments are VLANs of Ethernet, and an InfiniBand fabric has partitions instead. */
public final class Infiniband {
    /** Of interfaces that carry IP over InfiniBand: ARPHRD_INFINIBAND in Linux's if_arp.h. */
    private static final String IP_OVER_INFINIBAND = "32";

    private Infiniband() {}

    /**
     * Why segments cannot be made on that interface of this machine, and what to do about it; empty if it is no InfiniBand port's.
     *
     * @throws IOException if the machine's devices cannot be listed
     */
    public static Optional<String> objection(String netdev) throws IOException {
        return objection(Path.of("/"), netdev);
    }

    static Optional<String> objection(Path root, String netdev) throws IOException {
        RdmaSysfs sysfs = new RdmaSysfs(root);
        for (String device : sysfs.names()) {
            Path of = root.resolve("sys/class/infiniband").resolve(device);
            if (text(of.resolve("ports/1/link_layer")).equals("InfiniBand")
                    && Files.exists(of.resolve("device/net").resolve(netdev))) {
                return Optional.of(words(netdev, "port 1 of " + device, List.of(device)));
            }
        }
        return text(root.resolve("sys/class/net").resolve(netdev).resolve("type"))
                        .equals(IP_OVER_INFINIBAND)
                ? Optional.of(words(netdev, "IP over InfiniBand", sysfs.names()))
                : Optional.empty();
    }

    private static String words(String netdev, String what, List<String> devices) {
        return "interface " + netdev + " is InfiniBand (" + what
                + "): segments are VLANs, so scc needs RoCE; give it an"
                + " Ethernet interface, or make the port one: mlxconfig -d "
                + (devices.size() == 1 ? devices.getFirst() : "DEVICE") + " set LINK_TYPE_P1=2, and boot";
    }

    private static String text(Path file) {
        String text = "";
        try {
            text = Files.readString(file).strip();
        } catch (IOException e) {
            // Not there: not InfiniBand.
        }
        return text;
    }
}
