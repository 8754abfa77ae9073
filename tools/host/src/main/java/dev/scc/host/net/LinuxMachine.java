package dev.scc.host.net;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import dev.scc.host.net.Batch.Tool;
import dev.scc.host.net.NetObject.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A network of the Linux kernel, through iproute2 and nftables. One process per tool and batch: two or three to observe,
 * one for each change of tool in a list of steps.
 */
public final class LinuxMachine implements Machine {
    /** How the alias of a finished link of ours begins; the owner follows. */
    static final String MARK = "scc:";

    /** The group (a number without effect) of every link of ours, finished or not: 5cc in hexadecimal. */
    static final int GROUP = 0x5cc;

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    // What `ip -batch` and `bridge -batch` say of the line at which they stop.
    private static final Pattern FAILED_LINE = Pattern.compile("^Command failed \\S+:([0-9]+)\\s*$", Pattern.MULTILINE);

    private final Commands commands;

    public LinuxMachine(Commands commands) {
        this.commands = commands;
    }

    @Override
    public NetState observe() throws CommandFailed {
        try {
            return read();
        } catch (JacksonException | IllegalArgumentException e) {
            throw new CommandFailed("cannot understand what ip, bridge or nft say: " + e.getMessage(), e);
        }
    }

    private NetState read() throws CommandFailed {
        List<JsonNode> ip = KernelWords.documents(commands.check(Command.of("ip", "-j", "-d", "-batch", "-")
                .withInput("addr show\nneigh show nud permanent\n")
                .within(DEADLINE)));
        if (ip.size() != 2) {
            throw new IllegalArgumentException("ip answered two questions with " + ip.size() + " documents");
        }
        List<Link> links = KernelWords.links(ip.getFirst());
        Set<String> names = links.stream().map(Link::name).collect(Collectors.toSet());
        List<NetObject> objects = new ArrayList<>(links);
        objects.addAll(KernelWords.addresses(ip.getFirst()));
        objects.addAll(KernelWords.neighbours(ip.getLast(), names));
        if (links.stream().anyMatch(link -> link.kind() instanceof LinkKind.Vxlan)) {
            String fdb =
                    commands.check(Command.of("bridge", "-j", "fdb", "show").within(DEADLINE));
            objects.addAll(KernelWords.fdb(KernelWords.documents(fdb).getFirst(), names));
        }
        objects.addAll(KernelWords.tables(commands.check(
                Command.of("nft", "-s", "-n", "list", "ruleset", "inet").within(DEADLINE))));
        // The same address with two prefixes, made by hand, has one key: one of them now, the other at the next look.
        Map<String, NetObject> byKey = new TreeMap<>();
        objects.forEach(object -> byKey.put(object.key(), object));
        return new NetState(byKey);
    }

    @Override
    public void apply(List<Step> steps) throws StepFailed {
        for (Batch batch : Batch.split(steps)) {
            List<Line> rest = Line.of(steps, batch);
            while (!rest.isEmpty()) {
                rest = advance(steps, batch.tool(), rest);
            }
        }
    }

    /** Runs the lines, and returns those that are still to be run. */
    private List<Line> advance(List<Step> steps, Tool tool, List<Line> lines) throws StepFailed {
        CommandResult result;
        try {
            result = run(tool, lines);
        } catch (CommandFailed e) {
            throw interrupted(steps, lines, String.valueOf(e.getMessage()));
        }
        if (result.ok()) {
            return List.of();
        }
        String why = reason(result.errors());
        Optional<Line> stopped = stoppedAt(tool, lines, result.errors());
        if (stopped.isEmpty()) {
            return afterUnplacedFailure(steps, tool, lines, why);
        }
        Line line = stopped.get();
        if (line.optional()) {
            return lines.subList(lines.indexOf(line) + 1, lines.size());
        }
        NetState now = look(steps, line.step(), why);
        if (!done(steps, line.step(), now)) {
            throw failed(steps, line.step(), now, why);
        }
        return after(lines, line.step());
    }

    /**
     * Some failures do not say where they happened: {@code ip neigh} ends the whole process, nft takes back the whole
     * transaction. What has been done shows in the kernel, and what comes next is tried alone.
     */
    private List<Line> afterUnplacedFailure(List<Step> steps, Tool tool, List<Line> lines, String why)
            throws StepFailed {
        int from = lines.getFirst().step();
        NetState now = look(steps, from, why);
        Optional<Integer> undone = firstUndone(steps, lines, now);
        if (undone.isEmpty()) {
            return List.of();
        }
        int next = undone.get();
        List<Line> alone = lines.stream().filter(line -> line.step() == next).toList();
        if (next == from && alone.size() == lines.size()) {
            throw failed(steps, next, now, why);
        }
        if (next == from) {
            List<Line> left = alone;
            while (!left.isEmpty()) {
                left = advance(steps, tool, left);
            }
            return after(lines, next);
        }
        return lines.stream().filter(line -> line.step() >= next).toList();
    }

    /** The failure of a tool that could not run, or not to its end. */
    private StepFailed interrupted(List<Step> steps, List<Line> lines, String why) throws StepFailed {
        int from = lines.getFirst().step();
        NetState now = look(steps, from, why);
        int next = firstUndone(steps, lines, now).orElse(lines.getLast().step());
        return failed(steps, next, now, why);
    }

    /** A step that failed half-way leaves nothing: a link that was begun is taken away. */
    private StepFailed failed(List<Step> steps, int index, NetState now, String why) {
        Step step = steps.get(index);
        NetObject there = now.objects().get(step.object().key());
        if (step instanceof Step.Add
                && there instanceof Link link
                && link.owner().isEmpty()) {
            try {
                commands.check(
                        Command.of("ip", "link", "del", "dev", link.name()).within(DEADLINE));
            } catch (CommandFailed e) {
                return new StepFailed(index, step, why + "; and it cannot be taken away half-made: " + e.getMessage());
            }
        }
        if (step instanceof Step.Add && there != null && !there.equals(step.object())) {
            return new StepFailed(index, step, why + " (there is " + there + ")");
        }
        return new StepFailed(index, step, why);
    }

    private NetState look(List<Step> steps, int index, String why) throws StepFailed {
        try {
            return observe();
        } catch (CommandFailed e) {
            throw new StepFailed(index, steps.get(index), why + "; and then " + e.getMessage());
        }
    }

    private CommandResult run(Tool tool, List<Line> lines) throws CommandFailed {
        String input = lines.stream().map(line -> line.text() + "\n").collect(Collectors.joining());
        return commands.run(Command.of(tool.argv()).withInput(input).within(DEADLINE));
    }

    private static Optional<Line> stoppedAt(Tool tool, List<Line> lines, String errors) {
        Matcher matcher = FAILED_LINE.matcher(errors);
        if (tool == Tool.NFT || !matcher.find()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(matcher.group(1));
        return number < 1 || number > lines.size() ? Optional.empty() : Optional.of(lines.get(number - 1));
    }

    private static String reason(String errors) {
        String words = FAILED_LINE
                .matcher(errors)
                .replaceAll("")
                .replace("RTNETLINK answers: ", "")
                .strip();
        return words.isEmpty()
                ? "it failed without a word"
                : words.lines().limit(3).collect(Collectors.joining(" / "));
    }

    private static List<Line> after(List<Line> lines, int step) {
        return lines.stream().filter(line -> line.step() > step).toList();
    }

    private static Optional<Integer> firstUndone(List<Step> steps, List<Line> lines, NetState now) {
        return lines.stream()
                .map(Line::step)
                .distinct()
                .filter(index -> !done(steps, index, now))
                .findFirst();
    }

    /** Whether the effect of a step is there, or that of a later step of the same list which stands in its place. */
    private static boolean done(List<Step> steps, int index, NetState now) {
        NetObject object = steps.get(index).object();
        NetObject there = now.objects().get(object.key());
        return switch (steps.get(index)) {
            case Step.Add add -> there != null && NetPlanner.serves(there, object);
            case Step.Remove remove ->
                there == null
                        || steps.subList(index + 1, steps.size()).stream()
                                .anyMatch(later -> later instanceof Step.Add(NetObject next)
                                        && next.key().equals(object.key())
                                        && (next.equals(object) || !there.equals(object)));
        };
    }
}
