package dev.scc.cluster.change;

import dev.scc.cluster.Event;

/** A change of the journal of events. */
public sealed interface JournalChange extends Change {

    /**
     * Something has happened: in the transaction that does it, so that neither is ever there without the other.
     *
     * @param number within the event's epoch, from 0
     */
    record Tell(int number, Event event) implements JournalChange {}

    /**
     * An event is too long ago.
     *
     * @param entry its name in the tree
     */
    record Forget(String entry) implements JournalChange {}
}
