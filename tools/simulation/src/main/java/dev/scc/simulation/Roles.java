package dev.scc.simulation;

import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.TreeEntry.Lifetime;
import dev.scc.cluster.TreeRole;
import dev.scc.simulation.zk.Change;
import dev.scc.simulation.zk.Transaction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Each entry is written by whom the product's table names and lives as it says, and of the controllers the one that began
 * the latest epoch writes alone.
 */
final class Roles {
    private final Simulation sim;
    private long epoch;
    private @Nullable SimProcess leads;

    Roles(Simulation sim) {
        this.sim = sim;
    }

    long epoch() {
        return epoch;
    }

    Optional<SimProcess> leader() {
        return Optional.ofNullable(leads);
    }

    /** The tree is an older one. */
    void setBack(long to) {
        epoch = to;
        leads = null;
    }

    void check(Transaction transaction, SimProcess writer) {
        boolean begins = transaction.changes().stream()
                .anyMatch(change ->
                        change.path().equals(Paths.EPOCH) && change.before().isPresent());
        if (begins) {
            begin(transaction, writer);
        }
        for (Change change : transaction.changes()) {
            if (!ownEphemeral(transaction, change)) {
                check(change, fleeting(transaction, change), writer);
            }
        }
    }

    private void begin(Transaction transaction, SimProcess writer) {
        boolean leader = false;
        for (Change change : transaction.changes()) {
            if (change.path().equals(Paths.EPOCH)) {
                long next = Long.parseLong(change.after().orElseThrow().text());
                require(next == epoch + 1, "P4", "epoch " + epoch + " is followed by " + next);
                epoch = next;
            }
            leader |= change.path().equals(Paths.LEADER) && change.after().isPresent();
        }
        require(leader, "P4", writer + " begins an epoch without becoming the leader");
        leads = writer;
        sim.tally.fault("(epoch begun)");
    }

    private static boolean ownEphemeral(Transaction transaction, Change change) {
        return change.after().isEmpty()
                && change.before()
                        .filter(entry -> entry.owner() == transaction.session())
                        .isPresent();
    }

    private void check(Change change, boolean fleeting, SimProcess writer) {
        String path = change.path();
        TreeEntry entry = TreeEntry.at(path)
                .orElseThrow(() -> new BrokenPromise("one writer", writer + " writes " + path + ", which is nobody's"));
        if (fleeting) {
            require(
                    role(writer) == TreeRole.CONTROLLER && writer.equals(leads),
                    "one writer",
                    () -> writer + " asks " + path);
            return;
        }
        boolean allowed = change.after().isPresent() ? entry.writtenBy(role(writer)) : entry.removedBy(role(writer));
        require(allowed && own(entry, path, writer), "one writer", () -> writer + " writes " + path);
        check(entry, change);
        if (role(writer) == TreeRole.CONTROLLER) {
            boolean prepares = change.before().isEmpty()
                    && (entry.lifetime() == Lifetime.FOLDER || entry.lifetime() == Lifetime.FOR_GOOD);
            require(
                    prepares || writer.equals(leads),
                    "P4",
                    () -> writer + " writes " + path + ", but epoch " + epoch + " is of " + leads);
            int length = change.after().map(now -> now.text().length()).orElse(0);
            require(length < 20_000, "bounded sizes", () -> path + " has " + length + " characters");
        }
    }

    /**
     * Of one made and removed in the same transaction nothing is seen: so a controller asks that none is there. One that is
     * removed and made again, as by an agent that has not heard what became of the first time, is another matter.
     */
    private static boolean fleeting(Transaction transaction, Change change) {
        boolean madeFirst = transaction.changes().stream()
                .filter(other -> other.path().equals(change.path()))
                .findFirst()
                .filter(first -> first.before().isEmpty())
                .isPresent();
        return madeFirst
                && transaction.changes().stream()
                        .anyMatch(other -> other.path().equals(change.path())
                                && other.before().equals(change.after())
                                && other.after().equals(change.before()));
    }

    private static TreeRole role(SimProcess writer) {
        return switch (writer) {
            case AgentProcess _, HostileProcess _ -> TreeRole.AGENT;
            case FrontProcess _, PeopleProcess _ -> TreeRole.SERVER;
            case ControllerProcess _ -> TreeRole.CONTROLLER;
            default -> throw new IllegalStateException(writer.toString());
        };
    }

    /** Whether the path names this agent's node, or the request that this server took. */
    private static boolean own(TreeEntry entry, String path, SimProcess writer) {
        return switch (writer) {
            case AgentProcess agent -> entry.named(path).equals(agent.hardware.node.value());
            case HostileProcess hostile -> entry.named(path).equals(hostile.hardware.node.value());
            case FrontProcess front -> entry.named(path).equals(front.id);
            default -> true;
        };
    }

    /** That it lives as its kind does. */
    private static void check(TreeEntry entry, Change change) {
        boolean changes = change.before().isPresent() && change.after().isPresent();
        boolean ephemeral = change.after().filter(now -> now.owner() != 0).isPresent();
        boolean fits = switch (entry.lifetime()) {
            case FOLDER -> change.before().isEmpty() && !ephemeral;
            case FOR_GOOD -> change.after().isPresent() && !ephemeral;
            case WHILE_WANTED -> !ephemeral;
            case UNCHANGED -> !changes && !ephemeral;
            case SESSION -> change.after().isEmpty() || ephemeral;
        };
        require(fits, "lifetimes", () -> change + ", which lives " + entry.lifetime());
    }

    static void require(boolean holds, String promise, String how) {
        if (!holds) {
            throw new BrokenPromise(promise, how);
        }
    }

    static void require(boolean holds, String promise, java.util.function.Supplier<String> how) {
        if (!holds) {
            throw new BrokenPromise(promise, how.get());
        }
    }
}
