package dev.scc.cluster.plan;

import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.world.Held;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who asks for something, as far as the server knows that took his call. */
public sealed interface Asker {

    /** Somebody on a connection on which certificates do not count, as in a benchmark: he may do everything. */
    record Unproven() implements Asker {}

    /**
     * Somebody whose certificate says who he is.
     *
     * @param people what the tree holds of him, and of who else's rights matter, by their names
     * @param putOuts versions of the entries that say that they were once put out, without those who never were
     */
    record Proven(Principal who, Map<String, Held<PersonRecord>> people, Map<String, Integer> putOuts)
            implements Asker {
        public Proven {
            people = Map.copyOf(people);
            putOuts = Map.copyOf(putOuts);
        }

        /** Among people of whom nobody was ever put out. */
        Proven(Principal who, Map<String, Held<PersonRecord>> people) {
            this(who, people, Map.of());
        }

        /** What the tree holds of him; empty if that person, in that role, is not known any more. */
        Optional<Held<PersonRecord>> self() {
            return of(who);
        }

        /** The same of another. */
        Optional<Held<PersonRecord>> of(Principal person) {
            return Optional.ofNullable(people.get(person.name()))
                    .filter(held -> held.value().isOf(person));
        }
    }

    /** Who it is; empty where that does not count. */
    default Optional<Principal> principal() {
        return switch (this) {
            case Unproven _ -> Optional.empty();
            case Proven proven -> Optional.of(proven.who());
        };
    }

    /**
     * Names of those of whom has to be known what the tree holds, for what somebody may do with a cluster.
     *
     * @param owner of the cluster
     */
    static Set<String> concerned(Principal who, Optional<Principal> owner) {
        Set<String> names = new TreeSet<>();
        if (who.role() == Role.USER) {
            names.add(who.name());
            owner.filter(other -> other.role() == Role.USER)
                    .map(Principal::name)
                    .ifPresent(names::add);
        }
        return names;
    }
}
