package dev.scc.host.net;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.Mac;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/** Reads what iproute2 says in JSON into the same objects that {@link KernelTables} reads from the kernel: a second opinion. */
final class IprouteWords {
    private IprouteWords() {}

    /** The documents that one {@code ip -j -batch} printed, one per command. */
    static List<JsonNode> documents(String text) {
        ObjectReader reader = Json.mapper().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        List<JsonNode> documents = new ArrayList<>();
        try (JsonParser parser = reader.createParser(text)) {
            while (parser.nextToken() != null) {
                documents.add(reader.readTree(parser));
            }
        }
        return documents;
    }

    /** Our links in {@code ip -j -d addr}. */
    static List<Link> links(JsonNode addr) {
        return stream(addr).flatMap(node -> link(node).stream()).toList();
    }

    /** The addresses of our links in {@code ip -j -d addr}. */
    static List<Address> addresses(JsonNode addr) {
        List<Address> addresses = new ArrayList<>();
        stream(addr)
                .forEach(node -> link(node)
                        .ifPresent(link -> stream(node.path("addr_info"))
                                .forEach(info -> addresses.add(new Address(
                                        link.name(),
                                        Ip.parse(info.path("local").asString("")),
                                        info.path("prefixlen").asInt(0))))));
        return addresses;
    }

    /** The permanent neighbours on the links so named, in {@code ip -j neigh}. */
    static List<Neighbour> neighbours(JsonNode neigh, Set<String> ours) {
        return stream(neigh)
                .filter(node -> ours.contains(node.path("dev").asString("")))
                .filter(node -> node.has("lladdr"))
                .filter(node -> words(node.path("state")).contains("PERMANENT"))
                .map(node -> new Neighbour(
                        node.path("dev").asString(""),
                        Ip.parse(node.path("dst").asString("")),
                        new Mac(node.path("lladdr").asString(""))))
                .toList();
    }

    /** The forwarding entries on the links so named, in {@code bridge -j fdb}; the kernel's own have no destination. */
    static List<Fdb> fdb(JsonNode fdb, Set<String> ours) {
        return stream(fdb)
                .filter(node -> ours.contains(node.path("ifname").asString("")))
                .filter(node ->
                        node.has("dst") && !node.path("dst").asString("").contains(":"))
                .filter(node -> node.path("state").asString("").equals("permanent"))
                .map(node -> new Fdb(
                        node.path("ifname").asString(""),
                        new Mac(node.path("mac").asString("")),
                        Ipv4.parse(node.path("dst").asString(""))))
                .toList();
    }

    private static Optional<Link> link(JsonNode node) {
        String alias = node.path("ifalias").asString("");
        boolean finished = alias.startsWith(LinuxMachine.MARK);
        boolean begun = node.path("group").asString("").equals(Integer.toString(LinuxMachine.GROUP));
        String name = node.path("ifname").asString("");
        if (!Names.legal(name) || !(finished || begun)) {
            return Optional.empty();
        }
        boolean up = words(node.path("flags")).contains("UP");
        String owner = finished && up ? alias.substring(LinuxMachine.MARK.length()) : "";
        return kind(node)
                .map(kind -> new Link(
                        name,
                        owner,
                        kind,
                        node.path("mtu").asInt(0),
                        Optional.of(new Mac(node.path("address").asString("")))));
    }

    private static Optional<LinkKind> kind(JsonNode node) {
        String parent = node.path("link").asString("");
        JsonNode data = node.path("linkinfo").path("info_data");
        return switch (node.path("linkinfo").path("info_kind").asString("")) {
            case "vlan" -> Optional.of(new LinkKind.Vlan(parent, data.path("id").asInt(0)));
            case "macvlan" -> Optional.of(new LinkKind.Macvlan(parent));
            case "vxlan" ->
                Optional.of(new LinkKind.Vxlan(
                        data.path("id").asInt(0),
                        data.path("link").asString(""),
                        Ipv4.parse(data.path("local").asString("")),
                        data.path("port").asInt(0)));
            default -> Optional.empty();
        };
    }

    private static Set<String> words(JsonNode array) {
        return stream(array).map(word -> word.asString("")).collect(Collectors.toSet());
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
