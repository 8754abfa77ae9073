package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.cluster.Plug;
import dev.scc.cluster.world.World;
import java.util.List;

/** All ENIs but those of clusters' members, by nodes and slots. */
public record EniList(@JsonValue List<EniView> enis) implements PoolView {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public EniList {
        enis = List.copyOf(enis);
    }

    public static EniList of(World world) {
        return new EniList(world.enis().entrySet().stream()
                .flatMap(node -> node.getValue().plugs().value().plugs().stream()
                        .filter(Plug::here)
                        .map(plug -> EniView.of(world, node.getKey(), plug)))
                .toList());
    }
}
