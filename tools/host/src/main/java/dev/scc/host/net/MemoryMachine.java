package dev.scc.host.net;

import dev.scc.host.Ipv4;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
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
    private final Map<String, NetObject> objects = new TreeMap<>();
    private Predicate<Step> refused = _ -> false;

    /** @param netdevs the interfaces that the machine has by itself, such as {@code eth0} */
    public MemoryMachine(Collection<String> netdevs) {
        this.netdevs = Set.copyOf(netdevs);
    }

    /** From now on, a step for which this holds is refused. It is asked once for each step, in order. */
    public synchronized void refuse(Predicate<Step> which) {
        refused = which;
    }

    @Override
    public synchronized NetState observe() {
        return new NetState(objects);
    }

    @Override
    public synchronized void apply(List<Step> steps) throws StepFailed {
        for (int index = 0; index < steps.size(); index++) {
            Step step = steps.get(index);
            Optional<String> why = refused.test(step)
                    ? Optional.of("refused by the test")
                    : change(step, step.object().key());
            if (why.isPresent()) {
                throw new StepFailed(index, step, why.get());
            }
        }
    }

    private Optional<String> change(Step step, String key) {
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
        objects.put(object.key(), object);
        return Optional.empty();
    }

    private Optional<String> remove(NetObject object) {
        objects.remove(object.key());
        if (object instanceof Link link) {
            List<NetObject> above = objects.values().stream()
                    .filter(other ->
                            NetPlanner.below(other).filter(link.name()::equals).isPresent())
                    .toList();
            above.forEach(this::remove);
        }
        if (object instanceof Address(String link, Ipv4 _, int _)
                && objects.values().stream()
                        .noneMatch(other ->
                                other instanceof Address on && on.link().equals(link))) {
            objects.values()
                    .removeIf(
                            other -> other instanceof Neighbour on && on.link().equals(link));
        }
        return Optional.empty();
    }
}
