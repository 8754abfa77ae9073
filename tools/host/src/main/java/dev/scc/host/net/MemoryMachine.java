package dev.scc.host.net;

import dev.scc.host.Ip;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A model in memory of what the kernel does with our steps: what sits on a link needs that link, and goes with it; a link
 * that loses its last address loses its neighbours. The interfaces of the machine itself are given; they are neither observed nor changed. Safe for use by several threads.
 */
public final class MemoryMachine implements Machine {
    private final Set<String> netdevs;
    private final Optional<TunnelKeys> tunnelKeys;
    private final Map<String, NetObject> objects = new TreeMap<>();
    /** What was added as parts of what several machines share, while nothing has touched a single one of it. */
    private final List<SharedObjects.Part> parts = new ArrayList<>();

    /** Other ends of cables that are in somebody's network namespace, by the names of ours. */
    private final Map<String, HandedLink> handed = new TreeMap<>();

    private Optional<Predicate<Step>> refused = Optional.empty();

    /** @param netdevs the interfaces that the machine has by itself, such as {@code eth0} */
    public MemoryMachine(Collection<String> netdevs) {
        this(netdevs, Optional.empty());
    }

    /**
     * One that may have tunnels.
     *
     * @param netdevs the interfaces that the machine has by itself
     * @param tunnelKeys empty if it can have none
     */
    public MemoryMachine(Collection<String> netdevs, Optional<TunnelKeys> tunnelKeys) {
        this.netdevs = Set.copyOf(netdevs);
        this.tunnelKeys = tunnelKeys;
    }

    @Override
    public Optional<TunnelKeys> tunnelKeys() {
        return tunnelKeys;
    }

    /** From now on, a step for which this holds is refused. It is asked once for each step, in order. */
    public synchronized void refuse(Predicate<Step> which) {
        refused = Optional.of(which);
    }

    @Override
    public synchronized NetState observe() {
        return new NetState(objects).sharing(parts);
    }

    /** Puts the other end of a cable into a namespace, if ours is there. Nothing else here knows of namespaces. */
    public synchronized void hand(HandedLink link) {
        if (objects.get(Link.keyOf(link.end())) instanceof Link end && end.kind() instanceof LinkKind.Veth) {
            handed.put(link.end(), link);
        }
    }

    /** The other ends that are in namespaces, by the names of ours. They go with ours. */
    public synchronized Map<String, HandedLink> handed() {
        return Map.copyOf(handed);
    }

    @Override
    public synchronized void apply(List<Step> steps) throws StepFailed {
        int index = 0;
        for (List<Step> segment : StepList.segments(steps)) {
            if (segment instanceof SharedSteps shared && whole(shared)) {
                index += segment.size();
                continue;
            }
            for (Step step : segment) {
                Optional<String> why = refused.filter(which -> which.test(step)).isPresent()
                        ? Optional.of("refused by the test")
                        : change(step, step.object().key());
                if (why.isPresent()) {
                    throw new StepFailed(index, step, why.get());
                }
                index++;
            }
        }
    }

    /** Adds or removes a part at once; false if it has to be done one by one. */
    private boolean whole(SharedSteps steps) {
        SharedObjects.Part part = steps.part();
        if (refused.isPresent()) {
            return false;
        }
        if (!steps.add()) {
            return parts.remove(part);
        }
        boolean alone = parts.stream().noneMatch(part::sameKind)
                && objects.values().stream().noneMatch(part::sameKind)
                && part.links().stream()
                        .allMatch(link -> netdevs.contains(link) || objects.containsKey(Link.keyOf(link)));
        return alone && parts.add(part);
    }

    /** A single one is touched, or what it sits on. */
    private void spread(Step step) {
        boolean touches = SharedObjects.sharable(step.object())
                || (step instanceof Step.Remove(NetObject object) && !(object instanceof NetObject.NftTable));
        if (touches && !parts.isEmpty()) {
            objects.putAll(new SharingMap(parts, objects).spread());
            parts.clear();
        }
    }

    private Optional<String> change(Step step, String key) {
        spread(step);
        NetObject there = objects.get(key);
        return switch (step) {
            case Step.Add(NetObject object) when there == null -> add(object);
            case Step.Add(NetObject object) when object instanceof NetObject.NftTable -> add(object);
            case Step.Add(NetObject object) ->
                NetPlanner.serves(there, object)
                        ? Optional.empty()
                        : Optional.of("File exists (there is " + there + ")");
            case Step.Remove(NetObject object) when there == null -> Optional.empty();
            case Step.Remove(NetObject object) -> remove(object);
        };
    }

    private Optional<String> add(NetObject object) {
        Optional<String> missing = NetPlanner.below(object)
                .filter(link -> !netdevs.contains(link) && !objects.containsKey(Link.keyOf(link)));
        if (missing.isPresent()) {
            return Optional.of("Cannot find device \"" + missing.get() + "\"");
        }
        if (object instanceof NetObject.TunnelEnd end && !holds(end.own())) {
            return Optional.of(Tunnels.noSecret(end.own()));
        }
        objects.put(object.key(), object);
        return Optional.empty();
    }

    private boolean holds(TunnelKey key) {
        return tunnelKeys.flatMap(keys -> keys.secretOf(key)).isPresent();
    }

    private Optional<String> remove(NetObject object) {
        objects.remove(object.key());
        if (object instanceof Link link) {
            handed.remove(link.name());
            List<NetObject> above = objects.values().stream()
                    .filter(other ->
                            NetPlanner.below(other).filter(link.name()::equals).isPresent())
                    .toList();
            above.forEach(this::remove);
        }
        if (object instanceof Address(String link, Ip last, int _)
                && objects.values().stream()
                        .noneMatch(other -> other instanceof Address on
                                && on.link().equals(link)
                                && on.address().like(last))) {
            objects.values()
                    .removeIf(other -> other instanceof Neighbour on
                            && on.link().equals(link)
                            && on.address().like(last));
        }
        return Optional.empty();
    }
}
