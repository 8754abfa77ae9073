package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressPlanTest {
    private static final Cidr POOL = Cidr.parse("172.16.0.0/12");

    @Test
    void hostsAreTheLowestThatAreFree() {
        Cidr cidr = Cidr.parse("10.0.0.0/29");

        assertThat(AddressPlan.hosts(cidr, 3, List.of(Ipv4.parse("10.0.0.2"), Ipv4.parse("9.9.9.9"))))
                .containsExactly(Ipv4.parse("10.0.0.1"), Ipv4.parse("10.0.0.3"), Ipv4.parse("10.0.0.4"));
        assertThat(AddressPlan.hosts(cidr, 6, List.of())).endsWith(Ipv4.parse("10.0.0.6"));
        assertThat(AddressPlan.hosts(cidr, 0, List.of())).isEmpty();
    }

    @Test
    void aNetworkThatIsTooSmallSaysHowManyItHasAndHowManyAreNeeded() {
        assertThatThrownBy(() -> AddressPlan.hosts(Cidr.parse("10.0.0.0/30"), 3, List.of()))
                .isInstanceOf(Unavailable.class)
                .hasMessage("10.0.0.0/30 is too small: it has 2 host addresses, and 3 are needed");
        assertThatThrownBy(() -> AddressPlan.hosts(Cidr.parse("10.0.0.0/29"), 6, List.of(Ipv4.parse("10.0.0.1"))))
                .hasMessage("10.0.0.0/29 is too small: it has 6 host addresses, 1 of them taken, and 6 are needed");
        assertThatThrownBy(() -> AddressPlan.hosts(Cidr.parse("10.0.0.0/32"), 1, List.of()))
                .hasMessageContaining("it has 0 host addresses");
    }

    @Test
    void aFreeNetworkStandsInTheFirstGap() {
        Cidr pool = Cidr.parse("10.0.0.0/22");

        assertThat(AddressPlan.subnet(pool, 24, List.of())).isEqualTo(Cidr.parse("10.0.0.0/24"));
        assertThat(AddressPlan.subnet(pool, 24, List.of(Cidr.parse("10.0.0.128/30"), Cidr.parse("10.0.2.0/24"))))
                .isEqualTo(Cidr.parse("10.0.1.0/24"));
        assertThat(AddressPlan.subnet(pool, 22, List.of(Cidr.parse("10.0.4.0/24"))))
                .isEqualTo(pool);
    }

    @Test
    void aFullPoolAndAPrefixThatDoesNotFitAreRefused() {
        Cidr pool = Cidr.parse("10.0.0.0/23");

        assertThatThrownBy(() ->
                        AddressPlan.subnet(pool, 24, List.of(Cidr.parse("10.0.0.0/24"), Cidr.parse("10.0.1.4/30"))))
                .hasMessage(
                        "no network with prefix /24 is free in 10.0.0.0/23: 2 are taken, the largest of them 10.0.0.0/24");
        assertThatThrownBy(() -> AddressPlan.subnet(pool, 24, List.of(Cidr.parse("0.0.0.0/0"))))
                .hasMessageContaining("no network with prefix /24 is free");
        assertThatThrownBy(() -> AddressPlan.subnet(pool, 22, List.of()))
                .hasMessageContaining("has to be within 23 to 30");
        assertThatThrownBy(() -> AddressPlan.subnet(pool, 31, List.of())).hasMessageContaining("within 23 to 30");
    }

    @Test
    void whereOnePoolIsFullTheNextIsTaken() {
        List<Cidr> pools = List.of(POOL, Cidr.parse("192.168.0.0/16"));

        assertThat(AddressPlan.subnet(pools, 20, List.of())).isEqualTo(Cidr.parse("172.16.0.0/20"));
        assertThat(AddressPlan.subnet(pools, 20, List.of(POOL))).isEqualTo(Cidr.parse("192.168.0.0/20"));
        assertThat(AddressPlan.subnet(pools, 12, List.of())).isEqualTo(POOL);
        assertThatThrownBy(() -> AddressPlan.subnet(pools, 20, List.of(Cidr.parse("128.0.0.0/1"))))
                .hasMessage(
                        "no network with prefix /20 is free in 172.16.0.0/12, 192.168.0.0/16: 1 are taken, the largest of"
                                + " them 128.0.0.0/1");
    }

    @Test
    void networksThatMeanSomethingElseAreNoPlaceForHosts() {
        for (String special : List.of(
                "0.0.0.0/0",
                "0.0.0.0/8",
                "127.1.0.0/24",
                "169.254.0.0/24",
                "224.0.0.0/24",
                "240.0.0.0/24",
                "255.255.255.0/24")) {
            assertThat(SpecialNetworks.obstacle(Cidr.parse(special)))
                    .as(special)
                    .isPresent();
        }
        assertThat(SpecialNetworks.obstacle(Cidr.parse("169.254.0.0/24")))
                .contains("cannot work: the addresses of 169.254.0.0/16 are of single links (RFC 3927)");
        for (String ordinary : List.of("10.0.0.0/8", "172.16.0.0/20", "192.168.0.0/16", "100.64.0.0/10", "1.0.0.0/8")) {
            assertThat(SpecialNetworks.obstacle(Cidr.parse(ordinary)))
                    .as(ordinary)
                    .isEmpty();
        }
    }

    @Test
    void randomNetworksNeverOverlapAndNoLowerPlaceIsMissed() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            List<Cidr> taken = new ArrayList<>();
            for (int count = 0; count < 40; count++) {
                Cidr next = AddressPlan.subnet(POOL, random.nextInt(18, 27), taken);

                assertThat(taken).as("seed %d", seed).noneMatch(next::overlaps);
                assertThat(POOL.overlaps(next)).as("seed %d", seed).isTrue();
                int step = 1 << (32 - next.prefix());
                for (int at = POOL.base().bits(); at != next.base().bits(); at += step) {
                    Cidr lower = new Cidr(new Ipv4(at), next.prefix());
                    assertThat(taken).as("seed %d: %s was free", seed, lower).anyMatch(lower::overlaps);
                }
                taken.add(next);
                if (random.nextInt(4) == 0) {
                    taken.remove(random.nextInt(taken.size()));
                }
            }
        }
    }

    @Test
    void aPoolAtTheEndOfTheAddressSpaceWorks() {
        Cidr pool = Cidr.parse("255.255.255.0/24");

        assertThat(AddressPlan.subnet(pool, 25, List.of(Cidr.parse("255.255.255.0/25"))))
                .isEqualTo(Cidr.parse("255.255.255.128/25"));
        assertThatThrownBy(() -> AddressPlan.subnet(pool, 25, List.of(pool))).hasMessageContaining("is free");
    }

    @Test
    void numbersAreTheLowestThatAreFree() {
        assertThat(AddressPlan.number("VLAN", 2, 5, Set.of())).isEqualTo(2);
        assertThat(AddressPlan.number("VLAN", 2, 5, Set.of(1, 2, 3, 5))).isEqualTo(4);
        assertThatThrownBy(() -> AddressPlan.number("VLAN", 2, 3, Set.of(3, 2)))
                .hasMessage("no VLAN is free: all from 2 to 3 are taken");
    }
}
