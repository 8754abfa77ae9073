package dev.scc.cluster.client;

import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import java.time.Duration;

/** How a request reaches servers. */
public interface RequestLines {
    /** How many servers there are, at least one. */
    int servers();

    /** Asks one of them, from 0. Nothing need have been sent when it returns. */
    Line open(int server, ServerRpc.Ask ask);

    /** What one server tells of the request. */
    interface Line extends AutoCloseable {
        /**
         * What it tells next; waits for it.
         *
         * @throws LineLost if the line breaks, or the server says nothing within {@code atMost}
         */
        Told next(Duration atMost) throws LineLost, InterruptedException;

        /** Ends the call; the request goes on. */
        @Override
        void close();
    }
}
