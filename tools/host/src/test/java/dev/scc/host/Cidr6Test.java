package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Cidr6Test {
    @Test
    void aNetworkHasItsAddressesAndNoOthers() {
        Cidr6 network = Cidr6.parse("fd00:20::/64");

        assertThat(network).hasToString("fd00:20::/64");
        assertThat(network.contains(Ip.parse("fd00:20::ffff:ffff:ffff:ffff"))).isTrue();
        assertThat(network.contains(Ip.parse("fd00:20:0:1::"))).isFalse();
        assertThat(network.contains(Ip.parse("10.0.0.1"))).isFalse();
        assertThat(Cidr.parse("0.0.0.0/0").contains(Ip.parse("::1"))).isFalse();
        assertThat(network.host(0x1_0009)).hasToString("fd00:20::1:9");
        assertThat(IpNetwork.parse("fd00:20::/64")).isEqualTo(network);
        assertThat(IpNetwork.parse("10.0.0.0/8")).isEqualTo(Cidr.parse("10.0.0.0/8"));
        assertThat(Cidr6.parse("::/0").contains(Ip.parse("ffff::"))).isTrue();
    }

    @Test
    void whatIsNoneIsRefusedInClearWords() {
        assertThatThrownBy(() -> Cidr6.parse("fd00::1/64")).hasMessageContaining("did you mean fd00::/64?");
        assertThatThrownBy(() -> Cidr6.parse("fd00::/129")).hasMessageContaining("is not within 0 to 128");
        assertThatThrownBy(() -> Cidr6.parse("fd00::")).hasMessageContaining("is not an IPv6 CIDR such as");
        assertThatThrownBy(() -> Cidr6.parse("10.0.0.0/8")).hasMessageContaining("is not an IPv6 address");
        assertThatThrownBy(() -> Cidr6.parse("fd00::/120").host(256)).hasMessageContaining("is not one of");
        assertThatThrownBy(() -> Cidr6.parse("fd00::/120").host(0)).hasMessageContaining("is not one of");
    }

    @Test
    void randomNetworksHaveTheAddressesThatTheyHaveTheFirstBitsInCommonWith() {
        long seed = new Random().nextInt(1_000_000);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int prefix = random.nextInt(129);
            Ipv6 address = new Ipv6(random.nextLong(), random.nextLong());
            Cidr6 network = Cidr6.of(address, prefix);
            int flipped = random.nextInt(128);
            Ipv6 other = flipped < 64
                    ? new Ipv6(address.high() ^ (1L << (63 - flipped)), address.low())
                    : new Ipv6(address.high(), address.low() ^ (1L << (127 - flipped)));

            assertThat(network.contains(address)).as("seed %d", seed).isTrue();
            assertThat(network.contains(other))
                    .as("seed %d, %s, %s", seed, network, other)
                    .isEqualTo(flipped >= prefix);
            assertThat(Cidr6.parse(network.toString())).isEqualTo(network);
            assertThat(network.overlaps(new Cidr6(other, 128))).isEqualTo(flipped >= prefix);
        }
    }
}
