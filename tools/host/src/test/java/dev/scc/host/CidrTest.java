package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @Test
    void networksContainAndOverlap() {
        Cidr cidr = Cidr.parse("10.70.0.0/24");

        assertThat(cidr.contains(Ipv4.parse("10.70.0.255"))).isTrue();
        assertThat(cidr.contains(Ipv4.parse("10.70.1.0"))).isFalse();
        assertThat(cidr.overlaps(Cidr.parse("10.70.0.128/25"))).isTrue();
        assertThat(cidr.overlaps(Cidr.parse("10.0.0.0/8"))).isTrue();
        assertThat(cidr.overlaps(Cidr.parse("10.70.1.0/24"))).isFalse();
        assertThat(Cidr.parse("0.0.0.0/0").contains(Ipv4.parse("255.255.255.255")))
                .isTrue();
        assertThat(cidr).hasToString("10.70.0.0/24");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/24, 254", "10.0.0.0/30, 2", "10.0.0.0/31, 0", "10.0.0.0/32, 0", "0.0.0.0/0, 4294967294"})
    void hostsAreAllButTheNetworkAndTheBroadcastAddress(String cidr, long hosts) {
        assertThat(Cidr.parse(cidr).hosts()).isEqualTo(hosts);
    }

    @Test
    void hostsAreNumberedFromOne() {
        Cidr cidr = Cidr.parse("10.0.0.0/30");

        assertThat(cidr.host(1)).isEqualTo(Ipv4.parse("10.0.0.1"));
        assertThat(cidr.host(2)).isEqualTo(Ipv4.parse("10.0.0.2"));
        assertThatThrownBy(() -> cidr.host(3)).hasMessage("host number 3 is not within 1 to 2 of 10.0.0.0/30");
        assertThatThrownBy(() -> cidr.host(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hostBitsAreRefusedWithWhatWasProbablyMeant() {
        assertThatThrownBy(() -> Cidr.parse("10.70.0.1/24"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean 10.70.0.0/24?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0/24",
                "10.0.0.0/-1",
                "010.0.0.0/8",
                "256.0.0.0/8",
                "10.0.0.0/8/8"
            })
    void whatIsNoCidrIsRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addressesOrderAsUnsignedNumbers() {
        assertThat(Ipv4.parse("200.0.0.1")).isGreaterThan(Ipv4.parse("10.0.0.1"));
        assertThat(Ipv4.parse("10.0.0.255").plus(1)).isEqualTo(Ipv4.parse("10.0.1.0"));
        assertThat(Mac.of(Ipv4.parse("172.16.0.255"))).hasToString("02:5c:ac:10:00:ff");
        assertThatThrownBy(() -> new Mac("02:5C:ac:10:00:ff")).hasMessageContaining("is not an Ethernet address");
    }
}
