package dev.scc.fabric.inventory;

import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
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
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    /** Their IPv4 addresses, without those on the machine itself. */
    Set<Ipv4> addresses() throws IOException {
        Set<Ipv4> all = new LinkedHashSet<>();
        for (String file : FILES) {
            try {
                for (String line : Files.readString(root.resolve(file)).split("\n", -1)) {
                    String[] words = line.strip().split("\\s+", -1);
                    if (words.length > 1 && words[0].equals("nameserver") && words[1].matches("[0-9.]+")) {
                        all.add(Ipv4.parse(words[1]));
                    }
                }
            } catch (NoSuchFileException e) {
                // A machine without name servers, or without that resolver.
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " has a name server that is none: " + e.getMessage(), e);
            }
        }
        all.removeIf(LOOPBACK::contains);
        return all;
    }
}
