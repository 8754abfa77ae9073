package dev.scc.vpc;

import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.libc.EchoSocket;
import java.io.IOException;
import java.net.NetworkInterface;

/**
 * Probes by ICMP echoes that may not be fragmented: the other side's kernel answers them, so nobody has to listen there.
 *
 * @param network where the node's interfaces are
 */
public record EchoProber(NetworkNamespace network) implements PathProber {

    @Override
    public PathOutcome probe(Path path) throws InterruptedException {
        try {
            return network.inside(() -> inside(path));
        } catch (IOException e) {
            return new PathOutcome.Unable(String.valueOf(e.getMessage()));
        }
    }

    private static PathOutcome inside(Path path) throws IOException, InterruptedException {
        NetworkInterface device = NetworkInterface.getByName(path.device());
        if (device == null) {
            return new PathOutcome.Unable(path.device() + " is not there");
        }
        try (EchoSocket socket =
                EchoSocket.open(path.device(), path.own().bits(), path.other().bits())) {
            int mtu = path.mtu().orElse(device.getMTU());
            return new PathSearch(new EchoExchange(socket), mtu).run();
        }
    }
}
