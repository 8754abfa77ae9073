package dev.scc.fabric.inventory;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * The rxe link that an agent keeps on its node's RDMA interface. It comes back when somebody removes it, with all GIDs anew.
 *
 * @param commands run where the interface is
 * @param netdev the interface
 */
public record RxeCare(Commands commands, RdmaSysfs sysfs, String netdev) {

    /** Takes care of {@code device} if it is in software; hardware comes and goes with its driver, and is not ours. */
    public static Optional<RxeCare> of(Commands commands, String netdev, String device) throws IOException {
        RdmaSysfs sysfs = RdmaSysfs.local();
        return sysfs.soft(device) ? Optional.of(new RxeCare(commands, sysfs, netdev)) : Optional.empty();
    }

    /**
     * Makes the link again if it is gone while its interface is there.
     *
     * @return what came back, such as {@code rdma:rxe0}
     */
    public List<String> mend() throws CommandFailed {
        boolean gone;
        try {
            gone = Files.exists(sysfs.root().resolve("sys/class/net").resolve(netdev))
                    && sysfs.names().stream()
                            .noneMatch(name -> sysfs.parent(name).equals(Optional.of(netdev)));
        } catch (IOException e) {
            throw new CommandFailed("cannot look for the RDMA device of " + netdev + ": " + e.getMessage(), e);
        }
        return gone ? List.of("rdma:" + RxeLink.ensure(commands, netdev)) : List.of();
    }
}
