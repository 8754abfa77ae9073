package dev.scc.cluster.agent;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Roster;
import dev.scc.host.Json;
import dev.scc.host.ParsedTexts;
import java.util.function.Function;

/** How agents understand what they read from the tree. Safe for use by several threads. */
public final class TreeTexts {
    private final Function<String, Assignment> assignments;
    private final Function<String, Roster> rosters;

    private TreeTexts(Function<String, Assignment> assignments, Function<String, Roster> rosters) {
        this.assignments = assignments;
        this.rosters = rosters;
    }

    /** For an agent with a process of its own. */
    public static TreeTexts ofOneAgent() {
        return new TreeTexts(text -> Json.read(text, Assignment.class), text -> Json.read(text, Roster.class));
    }

    /** For all agents of a process: those that read the same text hold the same roster, which is understood once. */
    public static TreeTexts ofManyAgents() {
        return new TreeTexts(new ParsedTexts<>(Assignment.class)::read, new ParsedTexts<>(Roster.class)::read);
    }

    Assignment assignment(String text) {
        return assignments.apply(text);
    }

    Roster roster(String text) {
        return rosters.apply(text);
    }
}
