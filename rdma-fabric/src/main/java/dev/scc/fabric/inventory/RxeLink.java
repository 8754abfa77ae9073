package dev.scc.fabric.inventory;

import dev.scc.host.Json;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Soft-RoCE: an RDMA device in software over an Ethernet interface that has none in hardware. */
public final class RxeLink {
    private static final Logger log = LoggerFactory.getLogger(RxeLink.class);

    private RxeLink() {}

    /**
     * Returns the RDMA device of {@code netdev}, after making an rxe link where there is none. Calls are serialised: rxe
     * in Linux 6.1 has races between additions.
     *
     * @throws CommandFailed if the {@code rdma} tool fails; the message carries its words
     */
    public static synchronized String ensure(Commands commands, String netdev) throws CommandFailed {
        Set<String> names = new HashSet<>();
        for (JsonNode link : links(commands)) {
            String name = link.path("ifname").asString("");
            if (link.path("netdev").asString("").equals(netdev)) {
                return name;
            }
            names.add(name);
        }
        int number = 0;
        while (names.contains("rxe" + number)) {
            number++;
        }
        String name = "rxe" + number;
        commands.check(Command.of("rdma", "link", "add", name, "type", "rxe", "netdev", netdev));
        log.atInfo().addKeyValue("device", name).addKeyValue("link", netdev).log("made an rxe link");
        return name;
    }

    private static JsonNode links(Commands commands) throws CommandFailed {
        String output = commands.check(Command.of("rdma", "-j", "link", "show"));
        try {
            return Json.mapper().readTree(output.isBlank() ? "[]" : output);
        } catch (JacksonException e) {
            throw new CommandFailed("\"rdma -j link show\" did not answer in JSON: " + output, e);
        }
    }
}
