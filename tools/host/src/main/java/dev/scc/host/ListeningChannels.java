package dev.scc.host;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

/** Makes channels that will listen in some network namespace. */
@FunctionalInterface
public interface ListeningChannels {

    /** A new one that is not bound yet. */
    ServerSocketChannel open() throws IOException;

    /** Channels in the namespace of this process. */
    static ListeningChannels ofThisProcess() {
        return ServerSocketChannel::open;
    }
}
