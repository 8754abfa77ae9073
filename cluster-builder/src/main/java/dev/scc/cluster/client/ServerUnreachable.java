package dev.scc.cluster.client;

import java.time.Duration;

/** No server answers. Whether a request that was under way took effect is unknown; asking again with its id tells. */
public final class ServerUnreachable extends Exception {
    private static final long serialVersionUID = 1L;

    public ServerUnreachable(String message) {
        super(message);
    }

    public ServerUnreachable(String message, Throwable cause) {
        super(message, cause);
    }

    static ServerUnreachable noAnswer(String servers, Duration patience, LineLost last) {
        return new ServerUnreachable(
                "server " + servers + " does not answer within " + patience.toMillis() + " ms: " + last.getMessage(),
                last);
    }
}
