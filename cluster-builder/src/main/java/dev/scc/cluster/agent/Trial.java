package dev.scc.cluster.agent;

import dev.scc.cluster.Roster;
import dev.scc.host.net.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Since when networks that are being built wait for a server to be reached. What is built must not cut its node off from the
 * servers: nobody could tell it to take that back any more. Only a server that is reached after all is built ends it: what is
 * half built may not be in the way yet. The ledger says so too, for an agent that is killed meanwhile. Not thread-safe.
 */
final class Trial {
    /**
     * Long enough for another server to lead when one dies; less than it takes until a node that is cut off counts as lost, so
     * that it can still say itself what was the matter.
     */
    static final Duration LONGEST = Duration.ofSeconds(15);

    /** After how long what was taken back is tried again if it is still asked for: whatever was in the way may be gone. */
    static final Duration BETWEEN = Duration.ofMinutes(5);

    private final Ledger<Roster> ledger;
    private final LongSupplier nanos;
    private Optional<Long> since = Optional.empty();
    private boolean built;
    private Optional<Lost> lost = Optional.empty();

    /** What was taken back because no server was reached with it there: each time that it is tried costs the node its session. */
    private record Lost(Roster roster, long at) {}

    /** @param nanos a clock of which only differences count, in nanoseconds */
    Trial(Ledger<Roster> ledger, LongSupplier nanos) {
        this.ledger = ledger;
        this.nanos = nanos;
    }

    /** Goes on with what was on trial when an earlier agent ended. */
    void recall() throws IOException {
        if (ledger.read().onTrial()) {
            begin();
        }
    }

    /** From now on, unless it runs already; all is not built yet. */
    void begin() {
        built = false;
        if (since.isEmpty()) {
            since = Optional.of(nanos.getAsLong());
        }
    }

    /** All is there now. */
    void built() {
        built = true;
    }

    /**
     * A server was reached just now, which ends the trial if all was built.
     *
     * @throws IOException if that cannot be written down; it is tried again
     */
    void serverReached() throws IOException {
        if (built) {
            settle();
        } else {
            since = since.map(_ -> nanos.getAsLong());
        }
    }

    /** Nothing is on trial any more. */
    void settle() throws IOException {
        end();
        Ledger.Page<Roster> page = ledger.read();
        if (page.onTrial()) {
            ledger.write(page.confirmed());
        }
    }

    /** No server was reached with this there. */
    void lost(Roster roster) {
        lost = Optional.of(new Lost(roster, nanos.getAsLong()));
    }

    /** Whether no server was reached with this there, not long ago. */
    boolean hopeless(Roster roster) {
        return lost.filter(last -> nanos.getAsLong() - last.at() < BETWEEN.toNanos())
                .filter(last -> last.roster().equals(roster))
                .isPresent();
    }

    void end() {
        since = Optional.empty();
        built = false;
    }

    boolean runs() {
        return since.isPresent();
    }

    boolean overdue() {
        return since.filter(start -> nanos.getAsLong() - start >= LONGEST.toNanos())
                .isPresent();
    }
}
