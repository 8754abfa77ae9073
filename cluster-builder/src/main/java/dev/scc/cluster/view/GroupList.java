package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.cluster.world.World;
import java.util.List;

/** All security groups by name. */
public record GroupList(@JsonValue List<GroupView> groups) implements PoolView {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public GroupList {
        groups = List.copyOf(groups);
    }

    public static GroupList of(World world) {
        return new GroupList(world.groups().values().stream()
                .map(held -> GroupView.of(world, held.value()))
                .toList());
    }
}
