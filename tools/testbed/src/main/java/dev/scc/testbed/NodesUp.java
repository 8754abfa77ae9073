package dev.scc.testbed;

import java.io.IOException;
import java.util.List;

/** How the nodes of one kind come up. What was made of them when that fails is for {@link Removal} to take away. */
sealed interface NodesUp permits GuestsUp, AgentsUp {

    /** Everything that this machine lacks for it; empty if nothing. Changes nothing. */
    List<String> complaints() throws IOException;

    /** Returns when the server, if there is one, has been started and every node is there. */
    void run(Phases phases) throws TestbedFailed, IOException, InterruptedException;
}
