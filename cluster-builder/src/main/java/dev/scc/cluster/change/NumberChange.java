package dev.scc.cluster.change;

import dev.scc.cluster.Pools;
import dev.scc.cluster.world.Held;
import java.util.Set;

/** A change of which numbers, each a VNI and a VLAN, are taken, and with which address ranges. */
public sealed interface NumberChange extends Change {

    Held<Pools> stored();

    Pools next();

    /** A cluster has it from now on. */
    record Take(Held<Pools> stored, int number, Pools.Taken taken) implements NumberChange {
        @Override
        public Pools next() {
            return stored.value().with(number, taken);
        }
    }

    /** They may be given to others. */
    record GiveBack(Held<Pools> stored, Set<Integer> numbers) implements NumberChange {
        public GiveBack {
            numbers = Set.copyOf(numbers);
        }

        @Override
        public Pools next() {
            Pools left = stored.value();
            for (int number : numbers) {
                left = left.without(number);
            }
            return left;
        }
    }
}
