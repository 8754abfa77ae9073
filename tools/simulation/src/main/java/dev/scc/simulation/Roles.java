package dev.scc.simulation;

import dev.scc.cluster.Paths;
import dev.scc.simulation.zk.Change;
import dev.scc.simulation.zk.Transaction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Each entry has one writer, and of the controllers the one that began the latest epoch writes alone. */
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

    void check(Transaction transaction, SimProcess writer) {
        boolean begins = transaction.changes().stream()
                .anyMatch(change ->
                        change.path().equals(Paths.EPOCH) && change.before().isPresent());
        if (begins) {
            begin(transaction, writer);
        }
        for (Change change : transaction.changes()) {
            if (!ownEphemeral(transaction, change)) {
                check(change, writer);
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

    private void check(Change change, SimProcess writer) {
        String path = change.path();
        switch (writer) {
            case AgentProcess agent -> {
                String node = agent.hardware.node.value();
                require(
                        path.equals(Paths.ENROL + "/" + node)
                                || path.equals(Paths.STATUS + "/" + node)
                                || path.equals(Paths.NODES + "/" + node + "/inventory")
                                || path.equals(Paths.NODES + "/" + node + "/alive"),
                        "one writer",
                        writer + " writes " + path);
            }
            case FrontProcess front ->
                require(
                        path.equals(Paths.request(front.id)) && change.before().isEmpty(),
                        "one writer",
                        writer + " writes " + path);
            case ControllerProcess controller -> controller(change, controller);
            default -> throw new IllegalStateException(writer.toString());
        }
    }

    private void controller(Change change, SimProcess writer) {
        String path = change.path();
        boolean others = Mirror.under(path, Paths.ENROL)
                || Mirror.under(path, Paths.STATUS)
                || path.endsWith("/inventory")
                || path.endsWith("/alive")
                || (Mirror.under(path, Paths.REQUESTS) && change.after().isPresent());
        require(!others, "one writer", writer + " writes " + path);
        boolean prepares = change.before().isEmpty()
                && (Paths.FOLDERS.contains(path) || path.equals(Paths.EPOCH) || path.equals(Paths.POOLS));
        require(
                prepares || writer.equals(leads),
                "P4",
                () -> writer + " writes " + path + ", but epoch " + epoch + " is of " + leads);
        Optional<Integer> length = change.after().map(entry -> entry.text().length());
        require(length.orElse(0) < 20_000, "bounded sizes", path + " has " + length.orElse(0) + " characters");
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
