package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.host.Bounds;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import java.util.Locale;
import java.util.Optional;

/**
 * A kind of packets: a protocol and, of TCP and UDP, a range of destination ports.
 *
 * @param ports empty for all of the protocol
 */
public record Traffic(Protocol protocol, Optional<Ports> ports) {
    /** All that there is. */
    public static final Traffic ALL = new Traffic(Protocol.ANY, Optional.empty());

    public Traffic {
        if (ports.isPresent() && !protocol.hasPorts()) {
            throw new IllegalArgumentException(protocol.word() + " has no ports; tcp and udp have");
        }
    }

    /** A protocol above IPv4 or IPv6. */
    public enum Protocol {
        TCP,
        UDP,
        /** Of IPv4. */
        ICMP,
        /** Of IPv6. */
        ICMPV6,
        /** Whatever it is. */
        ANY;

        boolean hasPorts() {
            return this == TCP || this == UDP;
        }

        /** Whether packets to and from that address can be of it. */
        public boolean fits(Ip address) {
            return switch (this) {
                case TCP, UDP, ANY -> true;
                case ICMP -> address instanceof Ipv4;
                case ICMPV6 -> address instanceof Ipv6;
            };
        }

        /** As people write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Protocol of(String word) {
            for (Protocol protocol : values()) {
                if (protocol.word().equals(word)) {
                    return protocol;
                }
            }
            throw new IllegalArgumentException("\"" + word + "\" is no protocol: tcp, udp, icmp, icmpv6 or any");
        }
    }

    /** Ports from the first to the last, both of them within it, 1 to 65535. */
    public record Ports(int first, int last) {
        private static final int HIGHEST = 65_535;

        public Ports {
            Bounds.within("port", first, 1, HIGHEST);
            Bounds.within("port", last, 1, HIGHEST);
            if (last < first) {
                throw new IllegalArgumentException("ports " + first + "-" + last
                        + " are the wrong way round; did you mean " + last + "-" + first + "?");
            }
        }

        boolean holds(Ports other) {
            return first <= other.first && other.last <= last;
        }

        @Override
        public String toString() {
            return first == last ? String.valueOf(first) : first + "-" + last;
        }
    }

    /**
     * Reads {@code PROTO[/PORT[-PORT]]}, such as {@code tcp/22} or {@code udp/5000-5100}.
     *
     * @throws IllegalArgumentException if it is not that
     */
    @JsonCreator
    public static Traffic parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new Traffic(Protocol.of(text), Optional.empty());
        }
        String ports = text.substring(slash + 1);
        if (!ports.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
            throw new IllegalArgumentException(
                    "\"" + ports + "\" is no port such as 22, and no range of ports such as 5000-5100");
        }
        int dash = ports.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? ports : ports.substring(0, dash));
        int last = dash < 0 ? first : Integer.parseInt(ports.substring(dash + 1));
        return new Traffic(Protocol.of(text.substring(0, slash)), Optional.of(new Ports(first, last)));
    }

    /** Whether all of the other is some of this. */
    public boolean holds(Traffic other) {
        return protocol == Protocol.ANY
                || (protocol == other.protocol
                        && (ports.isEmpty()
                                || other.ports.filter(ports.get()::holds).isPresent()));
    }

    @JsonValue
    @Override
    public String toString() {
        return protocol.word() + ports.map(range -> "/" + range).orElse("");
    }
}
