package dev.scc.fabric.inventory;

import java.util.List;

/**
 * A network interface that scc did not make.
 *
 * @param state the kernel's operational state, such as {@code UP}
 * @param addresses IPv4, in {@code ADDRESS/PREFIX} notation
 */
public record Nic(String name, String mac, int mtu, String state, List<String> addresses) {
    public Nic {
        addresses = List.copyOf(addresses);
    }
}
