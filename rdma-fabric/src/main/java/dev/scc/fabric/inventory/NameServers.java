package dev.scc.fabric.inventory;

import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.IpNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whom a machine asks for addresses of names: what resolv.conf(5) says, and behind a resolver on the machine itself what
 * systemd-resolved(8) says.
 *
 * @param root of the file system
 */
record NameServers(Path root) {
    private static final List<String> FILES = List.of("etc/resolv.conf", "run/systemd/resolve/resolv.conf");
    private static final List<IpNetwork> OWN =
            List.of(Cidr.parse("127.0.0.0/8"), Cidr6.parse("::1/128"), Cidr6.parse("fe80::/10"));

    /** Their addresses, without those on the machine itself or on one of its links alone. */
    Set<Ip> addresses() throws IOException {
        Set<Ip> all = new LinkedHashSet<>();
        for (String file : FILES) {
            try {
                for (String line : Files.readString(root.resolve(file)).split("\n", -1)) {
                    String[] words = line.strip().split("\\s+", -1);
                    if (words.length > 1
                            && words[0].equals("nameserver")
                            && words[1].matches("[0-9.]+|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+")) {
                        all.add(Ip.parse(words[1]));
                    }
                }
            } catch (NoSuchFileException e) {
                // A machine without name servers, or without that resolver.
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " has a name server that is none: " + e.getMessage(), e);
            }
        }
        all.removeIf(address -> OWN.stream().anyMatch(network -> network.contains(address)));
        return all;
    }
}
