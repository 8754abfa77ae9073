package dev.scc.cluster.change;

import dev.scc.cluster.Outcome;

/** A change of what becomes of a client's request. */
public sealed interface RequestChange extends Change {

    /** Id that the client chose. */
    String request();

    /**
     * It is taken up or refused, which happens once.
     *
     * @param outcome its only one, or the beginning of one
     */
    record TakeUp(String request, Outcome outcome) implements RequestChange {}

    /** It was under way, and is over. */
    record Answer(String request, Outcome outcome) implements RequestChange {}

    /**
     * It is over for so long that nobody will ask any more.
     *
     * @param outcome version
     */
    record Forget(String request, int outcome) implements RequestChange {}
}
