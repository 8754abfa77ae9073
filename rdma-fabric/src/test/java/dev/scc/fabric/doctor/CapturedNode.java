package dev.scc.fabric.doctor;

import dev.scc.fabric.PriorityPairs;
import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.inventory.CapturedTree;
import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.host.FileTree;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Firewall;
import dev.scc.host.net.FlowControl;
import dev.scc.host.net.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node out of a resource: lines {@code PATH=CONTENT}, with {@code \n} for a new line; {@code @NAME MTU ADDRESS…} for an
 * interface; comments after {@code #}. It serves a segment if it has an interface whose name has a dot.
 */
final class CapturedNode {
    private final Path root;
    private final List<Surroundings.Interface> interfaces = new ArrayList<>();
    private final String device;
    private Optional<Integer> noted = Optional.empty();
    private Optional<TrafficClass> traffic = Optional.empty();
    private final Map<String, FlowControl> flow = new TreeMap<>();
    private final List<Firewall.Drop> drops = new ArrayList<>();
    private String verbsProblem = "";

    /** @param resource a file beside this class */
    CapturedNode(String resource, Path root) throws IOException {
        this.root = root.toRealPath();
        try (InputStream in = CapturedNode.class.getResourceAsStream(resource)) {
            String text = new String(
                    Objects.requireNonNull(in, "no resource " + resource).readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.split("\n", -1)) {
                if (line.startsWith("@")) {
                    put(line.substring(1));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    String[] parts = line.split("=", 2);
                    set(parts[0], parts[1]);
                }
            }
        }
        device = new RdmaSysfs(root).names().getFirst();
    }

    CapturedNode set(String file, String content) {
        try {
            CapturedTree.write(root, file, content.replace("\\n", "\n"));
            return this;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    CapturedNode remove(String file) {
        try {
            FileTree.remove(root.resolve(file));
            return this;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Adds an interface, or replaces the one of that name: {@code NAME MTU ADDRESS…}. */
    CapturedNode put(String words) {
        String[] parts = words.split(" ", -1);
        interfaces.removeIf(one -> one.name().equals(parts[0]));
        interfaces.add(new Surroundings.Interface(
                parts[0],
                false,
                "02:00:00:00:00:01",
                Integer.parseInt(parts[1]),
                "UP",
                List.of(parts).subList(2, parts.length)));
        return this;
    }

    CapturedNode noted(int gidIndex) {
        noted = Optional.of(gidIndex);
        return this;
    }

    CapturedNode withoutVerbs(String why) {
        verbsProblem = why;
        return this;
    }

    /** With an agent that keeps segments' traffic in that class. */
    CapturedNode traffic(String priorities, Optional<Integer> dscp) {
        traffic = Optional.of(
                new TrafficClass(priorities.isEmpty() ? PriorityPairs.NONE : PriorityPairs.parse(priorities), dscp));
        return this;
    }

    CapturedNode flow(String netdev, List<Integer> lossless, boolean byDscp) {
        flow.put(netdev, new FlowControl(lossless, byDscp));
        return this;
    }

    CapturedNode dropping(Firewall.Drop drop) {
        drops.add(drop);
        return this;
    }

    NodeFacts facts(String node) {
        Optional<NodeFacts.Segment> segment = interfaces.stream()
                .filter(one -> one.name().contains("."))
                .findFirst()
                .map(link -> new NodeFacts.Segment(
                        "demo", device, link.name(), link.addresses().getFirst(), noted));
        FactsReader reader = new FactsReader(
                new NetworkSource() {
                    @Override
                    public Surroundings read() {
                        return new Surroundings(interfaces, List.of());
                    }

                    @Override
                    public Map<String, FlowControl> flow(List<String> of) {
                        Map<String, FlowControl> known = new TreeMap<>(flow);
                        known.keySet().retainAll(of);
                        return known;
                    }

                    @Override
                    public List<Firewall.Drop> drops(List<String> of) {
                        return drops;
                    }
                },
                root,
                Optional.of(new RdmaSysfs(root)),
                () -> verbsProblem,
                traffic,
                Duration.ZERO);
        try {
            return reader.read(new NodeName(node), segment);
        } catch (CommandFailed | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
