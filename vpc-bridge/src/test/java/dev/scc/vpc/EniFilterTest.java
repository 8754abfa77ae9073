package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.IpNetwork;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.vpc.Traffic.Ports;
import dev.scc.vpc.Traffic.Protocol;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EniFilterTest {
    private static final Cidr VPC = Cidr.parse("172.20.0.0/24");
    private static final Cidr6 VPC6 = Cidr6.parse("fd00:20::/64");
    private static final List<Ipv4> ADDRESSES =
            IntStream.rangeClosed(1, 4).mapToObj(VPC::host).toList();

    /** Of both versions, each ENI's. */
    private static final List<List<Ip>> BOTH = IntStream.rangeClosed(1, 4)
            .mapToObj(number -> List.<Ip>of(VPC.host(number), VPC6.host(number)))
            .toList();

    /** A line that accepts; the groups are what it compares. */
    private static final Pattern LINE = Pattern.compile(
            "(?:meta protocol (?<all>ip6?) |ip6? [sd]addr (?<peers>\\{[^}]*}|\\S+) )(?:meta l4proto (?<protocol>\\S+) |(?<ported>tcp|udp) "
                    + "dport (?<ports>\\S+) )?counter name \"\\S+\" accept comment \".*\"");

    private static GroupRule rule(String text) {
        return GroupRule.parse(text);
    }

    @Test
    void rulesBecomeLinesWithSetsOfTheirPeers() {
        SecurityGroup web = new SecurityGroup(
                new GroupName("web"),
                List.of(rule("in tcp/80-81 sg:web"), rule("out any 0.0.0.0/0"), rule("in icmp 10.0.0.0/8")));

        String body = new EniFilter("eni1", List.of(web), Map.of(web.name(), Set.copyOf(ADDRESSES.subList(0, 2))))
                .table()
                .body();

        assertThat(body)
                .contains("ip saddr { 172.20.0.1, 172.20.0.2 } tcp dport 80-81 counter name"
                        + " \"rule_web_in_tcp/80-81_sg_web\" accept comment \"web 1\"\n")
                .contains(
                        "    meta protocol ip counter name \"rule_web_out_any_0.0.0.0/0\" accept comment \"web 2\"\n    goto drop_out")
                .contains("ip saddr 10.0.0.0/8 meta l4proto icmp counter name \"rule_web_in_icmp_10.0.0.0/8\""
                        + " accept comment \"web 3\"\n    goto drop_in");
    }

    @Test
    void aGroupThatNobodyIsInLetsNobodyIn() {
        SecurityGroup web = new SecurityGroup(new GroupName("web"), List.of(rule("in any sg:none")));

        assertThat(new EniFilter("eni1", List.of(web), Map.of()).table().body()).doesNotContain("comment");
    }

    /** Or two of them would count together. */
    @Test
    void eachRuleHasACounterOfItsOwnWhereverItStands() {
        for (long seed = 1; seed <= 100; seed++) {
            RandomGroups groups = RandomGroups.of(new Random(seed), VPC, ADDRESSES);
            Map<String, String> rules = new HashMap<>();
            groups.groups()
                    .values()
                    .forEach(group -> group.rules().forEach(rule -> {
                        String whole = group.name() + ": " + rule;
                        String before = rules.put(EniFilter.counterOf(group.name(), rule), whole);
                        assertThat(before).isIn(null, whole);
                    }));
        }
    }

    /** Reads the chain's lines as nftables would, one after the other. */
    private static boolean passes(String chain, Ip other, Traffic what) {
        return chain.lines()
                .map(String::strip)
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .anyMatch(line -> peer(line, other) && traffic(line, what));
    }

    private static boolean peer(Matcher line, Ip other) {
        if (line.group("all") != null) {
            return line.group("all").equals(other instanceof Ipv4 ? "ip" : "ip6");
        }
        String text = line.group("peers");
        return text.startsWith("{")
                ? Arrays.asList(text.substring(2, text.length() - 2).split(", "))
                        .contains(other.toString())
                : IpNetwork.parse(text).contains(other);
    }

    private static boolean traffic(Matcher line, Traffic what) {
        String protocol = what.protocol().word();
        if (line.group("ported") == null) {
            return line.group("protocol") == null || line.group("protocol").equals(protocol);
        }
        List<Integer> ends = Arrays.stream(line.group("ports").split("-"))
                .map(Integer::parseInt)
                .toList();
        return line.group("ported").equals(protocol)
                && what.ports().orElseThrow().first() >= ends.getFirst()
                && what.ports().orElseThrow().last() <= ends.getLast();
    }

    @Test
    void whatTheLinesLetThroughIsWhatTheRulesSay() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            RandomGroups groups = RandomGroups.of(random, List.of(VPC, VPC6), BOTH);
            for (int packet = 0; packet < 40; packet++) {
                int version = random.nextInt(2);
                Ip from = BOTH.get(random.nextInt(4)).get(version);
                Ip to = BOTH.get(random.nextInt(4)).get(version);
                int port = RandomGroups.FIRST_PORT + random.nextInt(3);
                Traffic what = random.nextInt(4) == 0
                        ? new Traffic(version == 0 ? Protocol.ICMP : Protocol.ICMPV6, Optional.empty())
                        : new Traffic(
                                random.nextBoolean() ? Protocol.TCP : Protocol.UDP, Optional.of(new Ports(port, port)));

                boolean out = groups.filter("eni1", from)
                        .map(filter -> passes(chain(filter, "output"), to, what))
                        .orElse(true);
                boolean in = groups.filter("eni1", to)
                        .map(filter -> passes(chain(filter, "input"), from, what))
                        .orElse(true);

                assertThat(groups.reach(from, to, what).allowed())
                        .as("seed %d, %s to %s, %s, of %s", seed, from, to, what, groups)
                        .isEqualTo(out && in);
            }
        }
    }

    private static String chain(EniFilter filter, String name) {
        String body = filter.table().body();
        int begin = body.indexOf("chain " + name);
        return body.substring(begin, body.indexOf("\n}", begin));
    }

    @Test
    void rulesComeBackFromTheirTexts() {
        for (long seed = 1; seed <= 200; seed++) {
            RandomGroups.of(new Random(seed), List.of(VPC, VPC6), BOTH)
                    .groups()
                    .values()
                    .forEach(group -> group.rules().forEach(rule -> {
                        assertThat(rule(rule.toString())).isEqualTo(rule);
                        assertThat(Json.read(Json.write(rule), GroupRule.class)).isEqualTo(rule);
                    }));
        }
    }

    @Test
    void whatIsNoRuleIsRefusedInClearWords() {
        assertRefused("in tcp/90-80 10.0.0.0/8", "did you mean 80-90?");
        assertRefused("in tcp/0 10.0.0.0/8", "port: 0 is not within 1 to 65535");
        assertRefused("in tcp/70000 10.0.0.0/8", "is not within 1 to 65535");
        assertRefused("in tcp/x 10.0.0.0/8", "is no port such as 22");
        assertRefused("in icmp/8 10.0.0.0/8", "icmp has no ports");
        assertRefused("in gre 10.0.0.0/8", "\"gre\" is no protocol");
        assertRefused("in icmp fd00::/64", "with fd00::/64 it is icmpv6");
        assertRefused("in icmpv6 10.0.0.0/8", "with 10.0.0.0/8 it is icmp");
        assertRefused("in icmpv6/128 fd00::/64", "icmpv6 has no ports");
        assertRefused("in tcp fd00::1/64", "did you mean fd00::/64?");
        assertRefused("up tcp 10.0.0.0/8", "\"up\" is no direction");
        assertRefused("in tcp 10.0.0.1/8", "did you mean 10.0.0.0/8?");
        assertRefused("in tcp sg:Web", "security group \"Web\"");
        assertRefused("in tcp", "is no rule such as");
    }

    private static void assertRefused(String text, String why) {
        assertThatThrownBy(() -> rule(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
