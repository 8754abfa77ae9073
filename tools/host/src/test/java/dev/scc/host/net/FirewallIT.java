package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirewallIT {
    private static final int ROCE = 4791;

    private static List<Firewall.Drop> drops(Namespace namespace, String hook, String rule) throws Exception {
        namespace.check(Command.of("nft", "-f", "-")
                .withInput("table inet filter {\nchain c {\ntype filter hook " + hook + " priority 0; policy accept;\n"
                        + rule + "\n}\n}\n"));
        return Firewall.ofUdp(namespace.network(), ROCE, List.of("eth1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp dport 4791 drop",
                "udp dport 4791 counter drop",
                "iifname eth1 udp dport 4791 drop",
                "meta l4proto udp th dport 4791 reject"
            })
    void aRuleThatDropsRoceIsFoundAndItsHandleRemovesIt(String rule) throws Exception {
        try (Namespace namespace = new Namespace()) {
            List<Firewall.Drop> found = drops(namespace, "input", rule);

            assertThat(found).singleElement().satisfies(drop -> {
                assertThat(drop.family()).isEqualTo("inet");
                assertThat(drop.table()).isEqualTo("filter");
                assertThat(drop.chain()).isEqualTo("c");
            });
            namespace.say(
                    "nft delete rule inet filter c handle " + found.getFirst().handle());
            assertThat(Firewall.ofUdp(namespace.network(), ROCE, List.of("eth1")))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp dport 4790 drop",
                "tcp dport 4791 drop",
                "udp sport 4791 drop",
                "udp dport 4791 accept",
                "iifname eth0 udp dport 4791 drop",
                "ip saddr 192.0.2.1 udp dport 4791 drop",
                "udp dport != 4791 drop",
                "drop"
            })
    void anyOtherRuleIsLeftAlone(String rule) throws Exception {
        try (Namespace namespace = new Namespace()) {
            assertThat(drops(namespace, "input", rule)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "prerouting"})
    void packetsOfOthersMayBeDropped(String hook) throws Exception {
        try (Namespace namespace = new Namespace()) {
            assertThat(drops(namespace, hook, "udp dport 4791 drop")).isEmpty();
        }
    }
}
