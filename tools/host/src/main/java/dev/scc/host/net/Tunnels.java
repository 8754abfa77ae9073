package dev.scc.host.net;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.libc.NetlinkSocket;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.TunnelEnd;
import dev.scc.host.net.NetObject.TunnelPeer;
import dev.scc.host.net.Netlink.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Ends and peers of tunnels in the kernel's WireGuard. Links of that kind are made as all others are. */
public final class Tunnels {
    private static final Path IPV6 = Path.of("/proc/sys/net/ipv6/conf");

    private Tunnels() {}

    /**
     * Why no tunnel can end in that namespace; empty if one can. The kernel loads its module for that, if it has one.
     *
     * @throws CommandFailed if the kernel cannot be asked
     */
    public static Optional<String> objection(NetworkNamespace namespace) throws CommandFailed {
        try {
            return namespace.inside(Tunnels::objection);
        } catch (IOException e) {
            throw new CommandFailed("cannot ask the kernel for WireGuard: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted while the kernel was asked for WireGuard", e);
        }
    }

    private static Optional<String> objection() throws IOException {
        for (String links : List.of("all", "default")) {
            Path disabled = IPV6.resolve(links).resolve("disable_ipv6");
            if (!Files.isReadable(disabled)
                    || !Files.readString(disabled).strip().equals("0")) {
                return Optional.of("IPv6 is switched off (net.ipv6.conf." + links
                        + ".disable_ipv6), and tunnels have its addresses");
            }
        }
        try (Netlink netlink = Netlink.open(NetlinkSocket.GENERIC)) {
            return family(netlink).isPresent()
                    ? Optional.empty()
                    : Optional.of("its kernel has no WireGuard (modprobe wireguard)");
        }
    }

    /** Of the calling thread's namespace: what belongs to those of these links that are tunnels' ends. */
    static List<NetObject> observe(Collection<Link> links) throws IOException {
        List<String> ends = links.stream()
                .filter(link -> link.kind() instanceof LinkKind.Tunnel)
                .map(Link::name)
                .toList();
        List<NetObject> objects = new ArrayList<>();
        if (!ends.isEmpty()) {
            try (Netlink netlink = Netlink.open(NetlinkSocket.GENERIC)) {
                int family = required(netlink);
                for (String end : ends) {
                    List<Entry> device = netlink.dump(family, WireguardMessages.askDevice(end), WireguardMessages.HEAD);
                    objects.addAll(WireguardMessages.device(end, device));
                }
            }
        }
        return objects;
    }

    /** Carries out the steps of a batch. */
    static void apply(NetworkNamespace namespace, Optional<TunnelKeys> keys, List<Step> steps, Batch batch)
            throws StepFailed {
        for (int index = batch.from(); index < batch.to(); index++) {
            Step step = steps.get(index);
            try {
                namespace.inside(() -> {
                    change(keys, step);
                    return true;
                });
            } catch (IOException e) {
                throw new StepFailed(index, step, String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StepFailed(index, step, "interrupted");
            }
        }
    }

    private static void change(Optional<TunnelKeys> keys, Step step) throws IOException {
        try (Netlink netlink = Netlink.open(NetlinkSocket.GENERIC)) {
            int family = required(netlink);
            switch (step) {
                case Step.Add(TunnelEnd end) -> {
                    byte[] secret = keys.flatMap(known -> known.secretOf(end.own()))
                            .orElseThrow(() -> new IOException(noSecret(end.own())));
                    byte[] message = WireguardMessages.add(end, secret);
                    netlink.tell(family, message);
                    Arrays.fill(secret, (byte) 0);
                    Arrays.fill(message, (byte) 0);
                }
                case Step.Remove(TunnelEnd end) -> remove(netlink, family, WireguardMessages.remove(end));
                case Step.Add(TunnelPeer peer) -> netlink.tell(family, WireguardMessages.add(peer));
                case Step.Remove(TunnelPeer peer) -> remove(netlink, family, WireguardMessages.remove(peer));
                case Step.Add _, Step.Remove _ -> throw new IOException("it is no tunnel's");
            }
        }
    }

    private static void remove(Netlink netlink, int family, byte[] message) throws IOException {
        try {
            netlink.tell(family, message);
        } catch (Netlink.RefusedByKernel e) {
            if (!e.gone()) {
                throw e;
            }
        }
    }

    static String noSecret(TunnelKey key) {
        return "this machine has not the secret half of key " + key;
    }

    private static int required(Netlink netlink) throws IOException {
        return family(netlink).orElseThrow(() -> new IOException("the kernel has no WireGuard"));
    }

    private static Optional<Integer> family(Netlink netlink) throws IOException {
        return netlink.ask(WireguardMessages.GENL_ID_CTRL, WireguardMessages.askFamily(), WireguardMessages.HEAD)
                .flatMap(WireguardMessages::family);
    }
}
