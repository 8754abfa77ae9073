package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Holding;
import dev.scc.cluster.Request;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Vpc;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniAddresses;
import dev.scc.vpc.Unavailable;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EniChoiceTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final VpcName LAB = new VpcName("lab");
    private static final Cidr FOUR = Cidr.parse("172.20.0.0/28");
    private static final Optional<Cidr6> SIX = Optional.of(Cidr6.parse("fd00:20::/64"));

    /** @param addresses of those who are in it, each with spaces between them, the primary one first */
    private static Vpc vpc(Optional<Cidr6> six, String... addresses) {
        Map<String, Held<Holding>> holdings = new TreeMap<>();
        for (String its : addresses) {
            List<Ip> all = Stream.of(its.split(" ", -1)).map(Ip::parse).toList();
            holdings.put(
                    "eni-0000000" + holdings.size(),
                    new Held<>(
                            new Holding(
                                    "ENI of " + its,
                                    List.of(new VpcMember(
                                            N1,
                                            Ipv4.parse("10.99.0.11"),
                                            (Ipv4) all.getFirst(),
                                            all.subList(1, all.size()))),
                                    List.of()),
                            0));
        }
        VpcRecord record = new VpcRecord(LAB, new Vni(5_000), FOUR, 1_450, Optional.empty(), 0, false, six);
        return new Vpc(new Held<>(record, 0), new TreeMap<>(holdings));
    }

    private static EniChoice choice(Vpc vpc, String... asked) {
        return new EniChoice(
                new Request.EniAttach(
                        N1,
                        LAB,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Stream.of(asked).map(Ip::parse).toList()),
                vpc);
    }

    private static String chosen(Vpc vpc, String... asked) {
        EniChoice choice = choice(vpc, asked);
        assertThat(choice.objection()).isEmpty();
        return choice.addresses().toString();
    }

    private static String refused(Vpc vpc, String... asked) {
        return choice(vpc, asked).objection().orElseThrow();
    }

    @Test
    void anEniHasOneOfIpv4AndTheOneOfIpv6WithItsNumber() {
        assertThat(chosen(vpc(SIX))).isEqualTo("172.20.0.1, fd00:20::1");
        assertThat(chosen(vpc(SIX, "172.20.0.1 fd00:20::1"))).isEqualTo("172.20.0.2, fd00:20::2");
        assertThat(chosen(vpc(Optional.empty(), "172.20.0.1"))).isEqualTo("172.20.0.2");
        assertThat(chosen(vpc(SIX), "172.20.0.14")).isEqualTo("172.20.0.14, fd00:20::e");
    }

    @Test
    void whatIsAskedForIsWhatItHasInThatOrder() {
        assertThat(chosen(vpc(SIX), "fd00:20::1:9", "172.20.0.9", "172.20.0.8"))
                .isEqualTo("172.20.0.9, fd00:20::1:9, 172.20.0.8");
        assertThat(chosen(vpc(SIX), "fd00:20::9")).as("who it goes with").isEqualTo("172.20.0.9, fd00:20::9");
        assertThat(chosen(vpc(SIX), "fd00:20::1:9")).isEqualTo("172.20.0.1, fd00:20::1:9");
        assertThat(chosen(vpc(SIX), "fd00:20::9", "172.20.0.8", "172.20.0.9"))
                .isEqualTo("172.20.0.8, fd00:20::9, 172.20.0.9");
    }

    @Test
    void whatItCannotHaveIsRefusedByName() {
        Vpc vpc = vpc(SIX, "172.20.0.3 fd00:20::3 172.20.0.4 fd00:20::ff");

        assertThat(refused(vpc, "172.20.0.9", "172.20.0.4"))
                .isEqualTo("--ip 172.20.0.4 is taken by ENI of 172.20.0.3 fd00:20::3 172.20.0.4 fd00:20::ff");
        assertThat(refused(vpc, "fd00:20::ff")).startsWith("--ip fd00:20::ff is taken by");
        assertThat(refused(vpc, "fd00:20::4")).startsWith("--ip 172.20.0.4 is taken by");
        assertThat(refused(vpc, "172.21.0.9")).contains("is not a host address of 172.20.0.0/28");
        assertThat(refused(vpc, "172.20.0.15")).contains("is not a host address of 172.20.0.0/28");
        assertThat(refused(vpc, "fd00:21::9")).contains("is not a host address of fd00:20::/64");
        assertThat(refused(vpc, "fd00:20::")).contains("is not a host address of fd00:20::/64");
        assertThat(refused(vpc, "172.20.0.9", "172.20.0.9")).isEqualTo("--ip 172.20.0.9 is given twice");
        assertThat(refused(vpc, "172.20.0.9", "fd00:20::8"))
                .isEqualTo("--ip fd00:20::8 goes with 172.20.0.8, and is for who has that; from fd00:20::f on they go"
                        + " with none");
        assertThat(refused(vpc(Optional.empty()), "fd00:20::8")).contains("VPC lab has no IPv6");
    }

    @Test
    void anEniHasEightAddressesAtMost() {
        String[] eight = IntStream.rangeClosed(1, 8)
                .mapToObj(number -> FOUR.host(number).toString())
                .toArray(String[]::new);
        String[] nine = IntStream.rangeClosed(1, 9)
                .mapToObj(number -> FOUR.host(number).toString())
                .toArray(String[]::new);

        assertThat(chosen(vpc(Optional.empty()), eight)).endsWith("172.20.0.8");
        assertThat(refused(vpc(Optional.empty()), nine))
                .contains("is given 9 times")
                .contains("8 addresses at most");
        assertThat(refused(vpc(SIX), eight)).contains("it would have 9 of them, and has 8 at most");
    }

    /** Whatever is asked for, an address is at one ENI, and each has one of both versions. */
    @Test
    void randomEnisNeverShareAnAddress() {
        long seed = new Random().nextInt(1_000_000);
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            List<String> there = new ArrayList<>();
            for (int eni = 0; eni < 12; eni++) {
                Vpc vpc = vpc(SIX, there.toArray(String[]::new));
                String[] asked = IntStream.range(0, random.nextInt(4))
                        .mapToObj(_ -> random.nextBoolean()
                                ? FOUR.host(1 + random.nextInt(6)).toString()
                                : SIX.orElseThrow().host(1 + random.nextInt(20)).toString())
                        .toArray(String[]::new);
                EniChoice choice = choice(vpc, asked);
                if (choice.objection().isPresent()) {
                    refused++;
                    continue;
                }
                EniAddresses its;
                try {
                    its = choice.addresses();
                } catch (Unavailable e) {
                    assertThat(e).hasMessageContaining("is too small");
                    continue;
                }
                assertThat(its.all().stream().map(Ip::toString).toList())
                        .as("seed %d", seed)
                        .containsAll(List.of(asked));
                assertThat(its.sixes()).as("seed %d, %s", seed, its).isNotEmpty();
                assertThat(its.all()).allMatch(vpc.value().network()::hosts);
                there.add(String.join(" ", its.all().stream().map(Ip::toString).toList()));
            }
            Set<Ip> seen = new HashSet<>();
            for (String its : there) {
                for (String address : its.split(" ", -1)) {
                    assertThat(seen.add(Ip.parse(address)))
                            .as("seed %d, %s of %s", seed, address, there)
                            .isTrue();
                }
            }
            // Nobody has what goes with another's.
            for (String its : there) {
                List<Ip> all = Stream.of(its.split(" ", -1)).map(Ip::parse).toList();
                for (Ip address : all) {
                    if (address instanceof Ipv6 six) {
                        assertThat(vpc(SIX).value().network().ipv4Of(six).filter(host -> !all.contains(host)))
                                .as("seed %d, %s", seed, its)
                                .isEmpty();
                    }
                }
            }
        }
        assertThat(refused).isPositive();
    }

    private static String[] sixes(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> "fd00:20::1:" + number)
                .toArray(String[]::new);
    }

    /** Each has one of both versions, whatever is asked for. */
    @Test
    void whatItHasAnywayCountsToo() {
        assertThat(refused(vpc(SIX), sixes(8))).contains("it would have 9 of them");
        assertThat(chosen(vpc(SIX), sixes(7)))
                .startsWith("172.20.0.1, fd00:20::1:1")
                .endsWith("fd00:20::1:7");
        String[] mixed =
                Stream.concat(Stream.of("172.20.0.9"), Stream.of(sixes(7))).toArray(String[]::new);
        assertThat(chosen(vpc(SIX), mixed))
                .startsWith("172.20.0.9, fd00:20::1:1")
                .endsWith("fd00:20::1:7");
        String[] fours = IntStream.rangeClosed(1, 7)
                .mapToObj(number -> FOUR.host(number).toString())
                .toArray(String[]::new);
        assertThat(chosen(vpc(SIX), fours)).startsWith("172.20.0.1, ").endsWith("172.20.0.7, fd00:20::1");
    }
}
