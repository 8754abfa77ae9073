package dev.scc.cluster.plan;

import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.change.GroupChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Vpc;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** VPCs of worlds for planners. */
final class Vpcs {
    private Vpcs() {}

    static void after(NavigableMap<VpcName, Vpc> vpcs, VpcChange change) {
        switch (change) {
            case VpcChange.Begin(var record) ->
                vpcs.put(record.name(), new Vpc(new Held<>(record, 0), new TreeMap<>()));
            case VpcChange.Remove(var stored) -> vpcs.remove(stored.value().name());
            case VpcChange.Hold(var name, String entry, var before, var next) -> {
                NavigableMap<String, Held<Holding>> holdings = holdings(vpcs, name);
                holdings.put(
                        entry,
                        new Held<>(next, before.map(held -> held.version() + 1).orElse(0)));
                vpcs.computeIfPresent(name, (_, vpc) -> new Vpc(vpc.record(), holdings));
            }
            case VpcChange.Release(var name, String entry, var _) -> {
                NavigableMap<String, Held<Holding>> holdings = holdings(vpcs, name);
                holdings.remove(entry);
                vpcs.computeIfPresent(name, (_, vpc) -> new Vpc(vpc.record(), holdings));
            }
        }
    }

    static void after(NavigableMap<GroupName, Held<GroupRecord>> groups, GroupChange change) {
        switch (change) {
            case GroupChange.Begin(var group, var _) -> groups.put(group.name(), new Held<>(group, 0));
            case GroupChange.Rewrite(var stored, var next) ->
                groups.put(next.name(), new Held<>(next, stored.version() + 1));
            case GroupChange.Remove(var stored) -> groups.remove(stored.value().name());
            case GroupChange.Rely _ -> {}
        }
    }

    private static NavigableMap<String, Held<Holding>> holdings(NavigableMap<VpcName, Vpc> vpcs, VpcName name) {
        return new TreeMap<>(Objects.requireNonNull(vpcs.get(name)).holdings());
    }
}
