package dev.scc.bench;

import dev.scc.host.Json;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NamespaceCommands;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** All that a node's kernel says of its network, without what is another number each time. */
final class FinalState {
    /** Numbers that the kernel counts up, sizes of packets seen, and the address of a VXLAN device, which is random. */
    private static final Set<String> BY_CHANCE =
            Set.of("ifindex", "link_index", "handle", "metainfo", "stats", "stats64");

    private static final String RANDOM_MAC_OF = "vxlan";

    private FinalState() {}

    /** As text, one fact a line. */
    static String of(NamespaceNodes.Node node) throws CommandFailed {
        Commands inside = new NamespaceCommands(new LocalCommands(), node.namespace());
        JsonNode links = json(inside, "ip", "-d", "-j", "link");
        Collection<String> random = new ArrayList<>();
        for (JsonNode link : links) {
            if (link.path("linkinfo").path("info_kind").asString("").equals(RANDOM_MAC_OF)) {
                random.add(link.path("address").asString(""));
            }
        }
        StringBuilder text = new StringBuilder();
        text.append(lines(links));
        text.append(lines(json(inside, "ip", "-d", "-j", "addr")));
        text.append(lines(json(inside, "ip", "-d", "-j", "neigh", "show", "nud", "permanent")));
        text.append(lines(json(inside, "bridge", "-d", "-j", "fdb", "show")));
        // In nft's listing the order is part of what it means.
        text.append(json(inside, "nft", "-j", "list", "ruleset").toPrettyString());
        String all = text.toString();
        for (String mac : random) {
            all = all.replace(mac, "RANDOM");
        }
        return all;
    }

    /** The same of all nodes. */
    static String of(List<NamespaceNodes.Node> nodes) throws CommandFailed {
        StringBuilder all = new StringBuilder();
        for (NamespaceNodes.Node node : nodes) {
            all.append(node.name()).append('\n').append(of(node)).append('\n');
        }
        return all.toString();
    }

    /** Fails, showing the first difference, if {@code who} left another state than expected. */
    static void check(String expected, String now, String who) {
        if (!now.equals(expected)) {
            int at = 0;
            while (at < Math.min(now.length(), expected.length()) && now.charAt(at) == expected.charAt(at)) {
                at++;
            }
            throw new IllegalStateException(
                    who + " left another state:\n" + around(now, at) + "\ninstead of\n" + around(expected, at));
        }
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 200));
    }

    private static JsonNode json(Commands inside, String... argv) throws CommandFailed {
        JsonNode tree = Json.mapper().readTree(inside.check(Command.of(argv)));
        strip(tree);
        return tree;
    }

    private static void strip(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            object.remove(BY_CHANCE);
        }
        tree.forEach(FinalState::strip);
    }

    /** The kernel lists what it keeps in hash tables in an order by chance. */
    private static String lines(JsonNode array) {
        List<String> lines = new ArrayList<>();
        array.forEach(element -> lines.add(element.toString() + "\n"));
        return String.join("", lines.stream().sorted().toList());
    }
}
