package dev.scc.cluster.agent;

import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Ipv4;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The servers of an agent as its node reaches them. For one thread at a time. */
final class ServerAddresses {
    private static final Logger log = LoggerFactory.getLogger(ServerAddresses.class);

    /** Name servers that are away must not keep an agent from all else. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final List<String> hosts;
    private final Names names;
    /** What a name stood for when it was asked for last with success. */
    private final Map<String, List<Ipv4>> known = new HashMap<>();

    /** Asks whoever knows which addresses a name has. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** @param servers {@code host:port} with commas between several */
    ServerAddresses(String servers) {
        this(servers, InetAddress::getAllByName);
    }

    ServerAddresses(String servers, Names names) {
        this.names = names;
        this.hosts = List.of(servers.split(",")).stream()
                .map(server -> server.replaceFirst(":[0-9]+$", "").strip())
                .distinct()
                .toList();
    }

    /** What a node has, with its servers among its needs. */
    InventorySource among(InventorySource node) {
        return new InventorySource() {
            @Override
            public NodeInventory read() throws CommandFailed, IOException {
                return node.read().needing(needs());
            }

            @Override
            public List<Finding> findings(Optional<ServedCluster> served) throws InterruptedException {
                return node.findings(served);
            }
        };
    }

    /** What the node has to go on reaching for them; nothing for one on the node itself. */
    private List<Need> needs() {
        List<Need> needs = new ArrayList<>();
        for (String host : hosts) {
            for (Ipv4 address : addresses(host)) {
                needs.add(Need.of(address, Need.Kind.SERVER, host.equals(address.toString()) ? "" : host));
            }
        }
        return needs;
    }

    private List<Ipv4> addresses(String host) {
        try {
            known.put(host, ask(host));
        } catch (ExecutionException | TimeoutException e) {
            // As it was: a server is not elsewhere because nobody says where it is.
            log.atDebug().addKeyValue("server", host).setCause(e).log("its address is not known now");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return known.getOrDefault(host, List.of());
    }

    private List<Ipv4> ask(String host) throws ExecutionException, TimeoutException, InterruptedException {
        FutureTask<List<Ipv4>> asked = new FutureTask<>(() -> look(host));
        Thread.ofVirtual().start(asked);
        return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private List<Ipv4> look(String host) throws UnknownHostException {
        List<Ipv4> all = new ArrayList<>();
        for (InetAddress address : names.addresses(host)) {
            if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                all.add(Ipv4.parse(address.getHostAddress()));
            }
        }
        return all;
    }
}
