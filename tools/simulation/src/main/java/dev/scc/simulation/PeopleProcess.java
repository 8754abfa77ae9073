package dev.scc.simulation;

import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.world.Revoked;
import dev.scc.host.Json;
import java.util.List;
import java.util.Optional;

/** A server's call by which an administrator gives a user other rights, or puts him out. */
final class PeopleProcess extends SimProcess {
    private static final int TRIES = 20;

    private final String person;
    private final Optional<Rights> rights;

    /** @param rights from now on; empty if he is put out */
    PeopleProcess(Simulation sim, String person, Optional<Rights> rights) {
        super(sim, "people/" + person);
        this.person = person;
        this.rights = rights;
        start(this::write);
    }

    private void write() {
        SimTree tree = SimTree.ofServer(this);
        String path = Paths.user(person);
        for (int i = 0; i < TRIES; i++) {
            try {
                Optional<Entry> there = tree.get(path);
                List<Op> ops = rights.isPresent() ? List.of(let(path, there)) : putOut(tree, path, there);
                if (!ops.isEmpty()) {
                    tree.commit(ops);
                    sim.tally.fault(rights.isPresent() ? "(rights changed)" : "user put out");
                }
                break;
            } catch (ConnectionLost | Conflict e) {
                // Or no controller has ever led yet, and there is no place for people.
                sleep(sim.chance.between(100 * Timeline.MILLI, Timeline.SECOND));
            }
        }
        exit();
    }

    private Op let(String path, Optional<Entry> there) {
        String text = Json.write(new PersonRecord(Role.USER, rights.orElseThrow()));
        return there.<Op>map(entry -> new Op.Set(path, text, entry.version()))
                .orElseGet(() -> new Op.Create(path, text));
    }

    private List<Op> putOut(SimTree tree, String path, Optional<Entry> there) throws ConnectionLost {
        if (there.isEmpty()) {
            return List.of();
        }
        String revoked = Paths.revoked(new Principal(Role.USER, person).toString());
        String text = Json.write(new Revoked(clock().millis()));
        return List.of(
                tree.get(revoked).isEmpty() ? new Op.Create(revoked, text) : new Op.Set(revoked, text, Op.ANY),
                new Op.Delete(path, there.get().version()));
    }
}
