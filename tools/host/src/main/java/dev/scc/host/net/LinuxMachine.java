package dev.scc.host.net;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.Batch.Tool;
import dev.scc.host.net.KernelTables.NftSeen;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.NftTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A network of the Linux kernel. It is changed through iproute2 and nftables, one process for each change of tool in a list of
 * steps, and observed over netlink, without any process: see {@link KernelTables}. Only the rules of a table that was made
 * before this machine was are asked of nft, once.
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
    private final NetworkNamespace namespace;
    private final Optional<ServiceTypes> serviceTypes;
    private final Optional<TunnelKeys> tunnelKeys;
    /** Tables with their rules, by name, as given to nft or as once listed; the kernel tells whether it still is that one. */
    private final Map<String, Known> rules = new ConcurrentHashMap<>();

    /** @param seen what the kernel told of it when it was looked at first; empty before that */
    private record Known(NftTable table, Optional<NftSeen> seen) {
        boolean still(NftSeen now) {
            return seen.map(now::equals).orElse(now.comment().equals(MARK + table.digest()));
        }

        /** Somebody has changed its rules, and left its comment. */
        boolean changed(NftSeen now) {
            return seen.filter(before -> before.comment().equals(now.comment()) && !before.equals(now))
                    .isPresent();
        }
    }

    /** The network of that namespace, without the machine's RDMA devices. */
    public LinuxMachine(NetworkNamespace namespace) {
        this(namespace.commands(), namespace);
    }

    /**
     * The network of that namespace, without the machine's RDMA devices.
     *
     * @param tunnelKeys of the tunnels that may end there; empty if none can
     */
    public LinuxMachine(NetworkNamespace namespace, Optional<TunnelKeys> tunnelKeys) {
        this(namespace.commands(), namespace, Optional.empty(), tunnelKeys);
    }

    /**
     * The network of that namespace, with the machine's RDMA devices.
     *
     * @param serviceTypes of the machine's RDMA devices, which are those of the node whose network this is
     * @param tunnelKeys of the tunnels that the node may have; empty if it can have none
     */
    public LinuxMachine(NetworkNamespace namespace, ServiceTypes serviceTypes, Optional<TunnelKeys> tunnelKeys) {
        this(namespace.commands(), namespace, Optional.of(serviceTypes), tunnelKeys);
    }

    /** @param commands run in that namespace */
    LinuxMachine(Commands commands, NetworkNamespace namespace) {
        this(commands, namespace, Optional.empty(), Optional.empty());
    }

    private LinuxMachine(
            Commands commands,
            NetworkNamespace namespace,
            Optional<ServiceTypes> serviceTypes,
            Optional<TunnelKeys> tunnelKeys) {
        this.commands = commands;
        this.namespace = namespace;
        this.serviceTypes = serviceTypes;
        this.tunnelKeys = tunnelKeys;
    }

    @Override
    public Optional<TunnelKeys> tunnelKeys() {
        return tunnelKeys;
    }

    @Override
    public NetState observe() throws CommandFailed {
        try {
            return read();
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailed("cannot read the kernel's network tables: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted while the kernel's network tables were read", e);
        }
    }

    /** What one visit to the namespace finds: the tables of nft only by name and comment. */
    private record Seen(List<NetObject> objects, Map<String, NftSeen> tables) {}

    private NetState read() throws CommandFailed, IOException, InterruptedException {
        Seen seen = namespace.inside(() -> new Seen(KernelTables.routes(), KernelTables.nft()));
        List<NetObject> objects = new ArrayList<>(seen.objects());
        objects.addAll(tables(seen.tables()));
        if (serviceTypes.isPresent()) {
            objects.addAll(serviceTypes.get().observe());
        }
        // The same address with two prefixes, made by hand, has one key: one of them now, the other at the next look.
        Map<String, NetObject> byKey = new TreeMap<>();
        objects.forEach(object -> byKey.put(object.key(), object));
        return new NetState(byKey);
    }

    private List<NftTable> tables(Map<String, NftSeen> ours) throws CommandFailed {
        boolean known = ours.entrySet().stream().allMatch(table -> {
            Known remembered = rules.get(table.getKey());
            return remembered != null && remembered.still(table.getValue());
        });
        if (!known) {
            list(ours);
        }
        List<NftTable> tables = new ArrayList<>();
        ours.forEach((name, seen) -> Optional.ofNullable(rules.get(name)).ifPresent(remembered -> {
            rules.put(name, new Known(remembered.table(), Optional.of(seen)));
            tables.add(remembered.table());
        }));
        return tables;
    }

    /** Asks nft. A table whose rules are not those that it was given is another than its comment says. */
    private void list(Map<String, NftSeen> ours) throws CommandFailed {
        Map<String, Known> before = Map.copyOf(rules);
        rules.clear();
        String ruleset = "";
        for (String family :
                ours.keySet().stream().map(NftTable::family).collect(Collectors.toCollection(TreeSet::new))) {
            ruleset += commands.check(
                    Command.of("nft", "-s", "-n", "list", "ruleset", family).within(DEADLINE));
        }
        for (NftTable listed : KernelWords.tables(ruleset)) {
            Optional<NftSeen> now = Optional.ofNullable(ours.get(listed.name()));
            boolean changed = KernelWords.hasChainWithoutRules(listed)
                    || Optional.ofNullable(before.get(listed.name()))
                            .filter(remembered ->
                                    now.filter(remembered::changed).isPresent())
                            .isPresent();
            rules.put(listed.name(), new Known(changed ? listed.unmarked() : listed, Optional.empty()));
        }
    }

    @Override
    public AutoCloseable watch(NetworkEvents.Listener listener) throws CommandFailed {
        return NetworkEvents.of(namespace, listener);
    }

    @Override
    public Optional<String> objection(String theirs) throws CommandFailed {
        return HandOver.objection(namespace, theirs);
    }

    @Override
    public Optional<String> handOver(HandedLink link, boolean again) throws CommandFailed {
        return new HandOver(commands, namespace, link).run(again);
    }

    @Override
    public void apply(List<Step> steps) throws StepFailed {
        KeptCounts kept = KeptCounts.of(steps, tables -> inside(() -> KernelCounts.counters(tables)));
        for (Batch batch : Batch.split(steps)) {
            if (batch.tool() == Tool.FILE) {
                ServiceTypes.apply(serviceTypes, steps, batch);
                continue;
            }
            if (batch.tool() == Tool.TUNNEL) {
                Tunnels.apply(namespace, tunnelKeys, steps, batch);
                continue;
            }
            List<Line> rest = kept.in(Line.of(steps, batch), steps);
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
            if (tool == Tool.NFT) {
                remember(steps, lines);
            }
            return List.of();
        }
        if (lines.stream().anyMatch(line -> line.otherwise().isPresent())) {
            // Only nft has such lines, and of its batch nothing has been done.
            return lines.stream().map(Line::reworded).toList();
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

    @Override
    public Map<String, FilterCounts> counts(Collection<String> tables) throws CommandFailed {
        return inside(() -> KernelCounts.read(tables));
    }

    private Map<String, FilterCounts> inside(Callable<Map<String, FilterCounts>> look) throws CommandFailed {
        try {
            return namespace.inside(look);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailed("cannot read what the kernel has counted: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted while the kernel's counters were read", e);
        }
    }

    private void remember(List<Step> steps, List<Line> lines) {
        for (Line line : lines) {
            if (steps.get(line.step()) instanceof Step.Add(NftTable table)) {
                rules.put(table.name(), new Known(new NftTable(table.name(), table.marked()), Optional.empty()));
            }
        }
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
