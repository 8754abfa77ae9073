package dev.scc.simulation.zk;

import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes transactions of which about half fit the tree. */
final class Operations {
    private final SplittableRandom random;
    private final List<String> paths;
    private final Function<String, @Nullable Entry> present;

    /** @param present what stands at a path at the moment; null if nothing does */
    Operations(SplittableRandom random, List<String> paths, Function<String, @Nullable Entry> present) {
        this.random = random;
        this.paths = paths;
        this.present = present;
    }

    String path() {
        return paths.get(random.nextInt(paths.size()));
    }

    List<Op> transaction() {
        int size = random.nextInt(3) > 0 ? 1 : random.nextInt(6);
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ops.add(op());
        }
        return ops;
    }

    private Op op() {
        String path = path();
        Entry there = present.apply(path);
        if (random.nextInt(4) == 0) {
            // Whatever is there: mostly illegal.
            return any(path, random.nextInt(-1, 3));
        }
        if (there == null) {
            return random.nextInt(3) == 0 ? new Op.CreateEphemeral(path, text()) : new Op.Create(path, text());
        }
        int version = random.nextInt(4) == 0 ? Op.ANY : there.version();
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Op.Delete(path, version);
            case 2 -> new Op.Check(path, version);
            default -> new Op.Set(path, text(), version);
        };
    }

    private Op any(String path, int version) {
        return switch (random.nextInt(5)) {
            case 0 -> new Op.Create(path, text());
            case 1 -> new Op.CreateEphemeral(path, text());
            case 2 -> new Op.Set(path, text(), version);
            case 3 -> new Op.Delete(path, version);
            default -> new Op.Check(path, version);
        };
    }

    private String text() {
        return "text " + random.nextInt(3);
    }
}
