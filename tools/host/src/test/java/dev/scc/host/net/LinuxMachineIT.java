package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.Mac;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import dev.scc.host.net.NetObject.NftTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LinuxMachineIT {
    private static final String BODY = """
            chain input {
                type filter hook input priority 0; policy accept;
                iifname { "lo", "eni0" } accept
                ip daddr 172.16.0.0/24 drop
            }
            """;

    private Namespace namespace;
    private Counting counting;
    private LinuxMachine machine;

    @BeforeEach
    void underlay() throws CommandFailed {
        namespace = new Namespace();
        namespace.say("ip link add und0 type veth peer name far0");
        // Without addresses of the kernel's own, whose state changes by itself while it looks for duplicates.
        namespace.say("ip link set und0 addrgenmode none");
        namespace.say("ip link set far0 addrgenmode none");
        namespace.say("ip link set und0 up");
        namespace.say("ip link set far0 up");
        namespace.say("ip addr add 10.99.0.11/24 dev und0");
        // The kernel tells the state of a pair a moment after it is up.
        await().until(() -> !namespace.say("ip -o link").contains("NO-CARRIER"));
        counting = new Counting(namespace);
        machine = new LinuxMachine(counting, namespace.network());
    }

    /** nft leaves a table's comment when its rules are removed. */
    @Test
    void aTableWhoseRulesSomebodyRemovedIsAnother() throws Exception {
        NftTable wanted = new NftTable("scc_vpc70", BODY);
        NetState all = NetState.of(List.of(wanted));
        for (String damage : List.of(
                "nft flush table inet scc_vpc70",
                "nft flush chain inet scc_vpc70 input",
                "nft add rule inet scc_vpc70 input accept",
                "nft insert rule inet scc_vpc70 input accept")) {
            machine.apply(NetPlanner.plan(machine.observe(), all));
            assertThat(NetPlanner.plan(machine.observe(), all)).as(damage).isEmpty();

            namespace.say(damage);

            assertThat(NetPlanner.plan(machine.observe(), all)).as(damage).isNotEmpty();
            assertThat(NetPlanner.plan(machine.observe(), all))
                    .as(damage + ", looked at again")
                    .isNotEmpty();
            machine.apply(NetPlanner.plan(machine.observe(), all));
            assertThat(machine.observe()).as(damage).isEqualTo(all);
            assertThat(namespace.say("nft list ruleset")).contains("ip daddr 172.16.0.0/24 drop");
        }
    }

    /** As the kernel makes them on a link that hears a router. */
    @Test
    void anAddressThatSomebodyAdvertisesIsNotOurs() throws Exception {
        NetState all = NetState.of(List.of(overlay(1450), eni()));
        machine.apply(NetPlanner.plan(machine.observe(), all));

        namespace.say("ip -6 address add fd00:77::5/64 dev eni0 valid_lft 1000 preferred_lft 1000 nodad");

        assertThat(NetPlanner.plan(machine.observe(), all)).isEmpty();
        namespace.say("ip -6 address add fd00:78::5/64 dev eni0 nodad");
        assertThat(NetPlanner.plan(machine.observe(), all)).isNotEmpty();
    }

    @Test
    void aTableWithoutRulesIsFoundByAnAgentThatIsStartedAnew() throws Exception {
        NetState all = NetState.of(List.of(new NftTable("scc_vpc70", BODY)));
        machine.apply(NetPlanner.plan(machine.observe(), all));
        namespace.say("nft flush table inet scc_vpc70");

        LinuxMachine next = new LinuxMachine(counting, namespace.network());

        assertThat(NetPlanner.plan(next.observe(), all)).isNotEmpty();
    }

    @AfterEach
    void remove() throws CommandFailed {
        namespace.close();
    }

    private static Link overlay(int mtu) {
        return new Link(
                "vpc70", "demo", new LinkKind.Vxlan(70, "und0", Ipv4.parse("10.99.0.11"), 4789), mtu, Optional.empty());
    }

    private static Link eni() {
        return new Link("eni0", "demo", new LinkKind.Macvlan("vpc70"), 1450, Optional.of(mac(1)));
    }

    private static Mac mac(int number) {
        return Mac.of(vpc(number));
    }

    private static Ipv4 vpc(int number) {
        return Ipv4.parse("172.16.0.0").plus(number);
    }

    private static Ipv6 six(int number) {
        return Ipv6.parse("fd00:16::").plus(number);
    }

    private static NetState wanted(int members) {
        List<NetObject> objects = new ArrayList<>(List.of(
                overlay(1450),
                eni(),
                new Address("eni0", vpc(1), 24),
                new Address("eni0", six(1), 64),
                new NftTable("scc_vpc70", BODY)));
        for (int number = 2; number <= members; number++) {
            objects.add(new Fdb("vpc70", mac(number), Ipv4.parse("10.99.0.10").plus(number)));
            objects.add(new Neighbour("eni0", vpc(number), mac(number)));
            objects.add(new Neighbour("eni0", six(number), mac(number)));
        }
        return NetState.of(objects);
    }

    private void converge(NetState wanted) throws Exception {
        machine.apply(NetPlanner.plan(machine.observe(), wanted));
    }

    /** Everything that the kernel knows, ours or not, without what changes by itself. */
    private String everything() throws CommandFailed {
        return namespace.say("ip -j -d link")
                + namespace.say("ip addr")
                + namespace.say("bridge fdb")
                + namespace.say("ip neigh")
                + namespace.say("nft list ruleset");
    }

    @Test
    void whatIsWantedIsReachedAndSeenAndThenThereIsNothingToDo() throws Exception {
        converge(wanted(4));

        assertThat(NetPlanner.plan(machine.observe(), wanted(4))).isEmpty();
        assertThat(machine.observe().objects().keySet())
                .isEqualTo(wanted(4).objects().keySet());
        assertThat(namespace.say("ip -6 addr show dev eni0"))
                .as("no IPv6 of the kernel's own")
                .contains("fd00:16::1/64 scope global nodad")
                .doesNotContain("scope link");
        assertThat(namespace.say("ip -6 addr show dev vpc70")).isEmpty();
    }

    @Test
    void aRemovedStateLeavesTheKernelAsItWas() throws Exception {
        String before = everything();

        converge(wanted(4));
        assertThat(everything()).isNotEqualTo(before);
        converge(NetState.empty());

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void fewProcessesAreStarted() throws Exception {
        List<Step> build = NetPlanner.plan(machine.observe(), wanted(200));
        assertThat(counting.take()).as("to look").isEmpty();

        machine.apply(build);
        assertThat(counting.take()).containsExactly("nft", "ip", "bridge");

        List<Step> clear = NetPlanner.plan(machine.observe(), NetState.empty());
        assertThat(counting.take()).as("to look again").isEmpty();
        new LinuxMachine(counting, namespace.network()).observe();
        assertThat(counting.take())
                .as("to look, after a restart, at tables that are there")
                .containsExactly("nft");

        machine.apply(clear);
        assertThat(counting.take()).containsExactly("ip", "nft");
        assertThat(machine.observe()).isEqualTo(NetState.empty());
        assertThat(counting.take()).isEmpty();
    }

    @Test
    void stepsMayBeRepeated() throws Exception {
        List<Step> build = NetPlanner.plan(NetState.empty(), wanted(4));
        machine.apply(build);
        machine.apply(build);
        assertThat(NetPlanner.plan(machine.observe(), wanted(4))).isEmpty();

        List<Step> shrink = NetPlanner.plan(wanted(4), wanted(2));
        machine.apply(shrink);
        machine.apply(shrink);
        assertThat(NetPlanner.plan(machine.observe(), wanted(2))).isEmpty();

        List<Step> clear = NetPlanner.plan(wanted(2), NetState.empty());
        machine.apply(clear);
        machine.apply(clear);
        assertThat(machine.observe()).isEqualTo(NetState.empty());
    }

    @Test
    void everyWayBetweenRandomStatesLeadsThere() throws Exception {
        long seed = Long.getLong("seed", 1);
        System.out.println("seed " + seed);
        Random random = new Random(seed);

        for (int round = 0; round < 12; round++) {
            List<NetObject> objects = new ArrayList<>();
            if (random.nextInt(5) > 0) {
                objects.add(overlay(1400 + random.nextInt(2)));
                for (int number = 2; number < 6; number++) {
                    if (random.nextBoolean()) {
                        objects.add(new Fdb("vpc70", mac(number), Ipv4.parse("10.99.0." + random.nextInt(2, 4))));
                    }
                }
                if (random.nextInt(4) > 0) {
                    objects.add(new Link(
                            "eni0",
                            "owner" + random.nextInt(2),
                            new LinkKind.Macvlan("vpc70"),
                            1400,
                            Optional.of(mac(1))));
                    objects.add(new Address("eni0", vpc(1), 24 + random.nextInt(2)));
                    for (int number = 2; number < 6; number++) {
                        if (random.nextBoolean()) {
                            objects.add(new Neighbour("eni0", vpc(number), mac(random.nextInt(2, 4))));
                        }
                        if (random.nextInt(3) == 0) {
                            objects.add(new Neighbour("eni0", six(number), mac(random.nextInt(2, 4))));
                        }
                        if (random.nextInt(3) == 0) {
                            objects.add(new Address("eni0", six(number + 10), 64 + random.nextInt(2)));
                        }
                    }
                }
            }
            if (random.nextBoolean()) {
                objects.add(new NftTable("scc_vpc70", random.nextBoolean() ? BODY : BODY.replace("/24", "/16")));
            }
            NetState wanted = NetState.of(objects);

            converge(wanted);

            NetState observed = machine.observe();
            assertThat(NetPlanner.plan(observed, wanted)).as("round %d", round).isEmpty();
            assertThat(observed).as("round %d, by ip and bridge", round).isEqualTo(byTools(observed));
            assertThat(new LinuxMachine(namespace, namespace.network()).observe())
                    .as("round %d, after a restart", round)
                    .isEqualTo(observed);
        }
    }

    /** The same state with all but the tables as iproute2 tells it. */
    private NetState byTools(NetState observed) throws CommandFailed {
        List<NetObject> objects = new ArrayList<>(observed.objects().values().stream()
                .filter(object -> object instanceof NftTable)
                .toList());
        JsonNode addr = IprouteWords.documents(namespace.say("ip -j -d addr")).getFirst();
        Set<String> names =
                IprouteWords.links(addr).stream().map(Link::name).collect(java.util.stream.Collectors.toSet());
        objects.addAll(IprouteWords.links(addr));
        objects.addAll(IprouteWords.addresses(addr));
        objects.addAll(IprouteWords.neighbours(
                IprouteWords.documents(namespace.say("ip -j neigh show nud permanent"))
                        .getFirst(),
                names));
        objects.addAll(IprouteWords.fdb(
                IprouteWords.documents(namespace.say("bridge -j fdb show")).getFirst(), names));
        return NetState.of(objects);
    }

    @Test
    void aTableThatWasThereIsReplaced() throws Exception {
        namespace.check(Command.of("nft", "-f", "-").withInput("table inet scc_vpc70 { chain old { drop; }; }"));

        machine.apply(List.of(new Step.Add(new NftTable("scc_vpc70", BODY))));

        assertThat(counting.take()).as("created first, then replaced").containsExactly("nft", "nft");
        assertThat(namespace.say("nft list ruleset")).contains("chain input").doesNotContain("chain old");
    }

    @Test
    void aTableThatWasChangedBehindOurBackIsSeenAnew() throws Exception {
        converge(wanted(1));
        namespace.check(Command.of("nft", "-f", "-")
                .withInput("delete table inet scc_vpc70\ntable inet scc_vpc70 { chain other { drop; }; }"));

        NetState seen = machine.observe();

        assertThat(((NftTable) Objects.requireNonNull(seen.objects().get("nft:scc_vpc70"))).body())
                .contains("chain other");
        converge(wanted(1));
        assertThat(namespace.say("nft list ruleset")).contains("chain input").doesNotContain("chain other");
    }

    @Test
    void aNamespaceThatIsGoneCannotBeLookedAt() {
        LinuxMachine nowhere = new LinuxMachine(NetworkNamespace.named("scc-host-nowhere"));

        assertThatThrownBy(nowhere::observe)
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("network namespace scc-host-nowhere")
                .hasMessageContaining("No such file or directory");
    }

    @Test
    void aFailureInTheMiddleNamesItsStepAndTheRunnerTakesEverythingBack() throws Exception {
        converge(wanted(2));
        NetState before = machine.observe();
        List<NetObject> impossible = List.of(
                new Link("eni9", "demo", new LinkKind.Macvlan("nowhere"), 1450, Optional.of(mac(9))),
                new Neighbour("nowhere", vpc(9), mac(9)),
                new Fdb("nowhere", mac(9), vpc(9)),
                new Address("nowhere", vpc(9), 24),
                new NftTable("scc_zzz", "chain input { type filter hook input priority 0; nonsense; }"));

        for (NetObject object : impossible) {
            List<Step> plan = NetPlanner.plan(before, wanted(4).and(NetState.of(List.of(object))));

            PlanOutcome outcome = new PlanRunner(machine).run(plan);

            assertThat(outcome).isInstanceOfSatisfying(PlanOutcome.Undone.class, undone -> {
                assertThat(undone.failed()).isEqualTo(new Step.Add(object));
                assertThat(undone.why()).contains("add " + object.key());
            });
            assertThat(machine.observe()).isEqualTo(before);
        }
    }

    @Test
    void aLinkThatWasBegunAndNeverFinishedIsSeenAndReplaced() throws Exception {
        namespace.say("ip link add name vpc70 group 1484 type vxlan id 70 local 10.99.0.11 dev und0 dstport 4789");

        assertThat(machine.observe().objects().get("link:vpc70"))
                .isInstanceOfSatisfying(
                        Link.class, link -> assertThat(link.owner()).isEmpty());
        converge(wanted(2));

        assertThat(NetPlanner.plan(machine.observe(), wanted(2))).isEmpty();
    }

    @Test
    void aStrangersLinkIsNeitherSeenNorTouched() throws Exception {
        namespace.say("ip link add name vpc70 type vxlan id 70 local 10.99.0.11 dev und0 dstport 4789");
        String before = namespace.say("ip -j -d link");

        assertThat(machine.observe()).isEqualTo(NetState.empty());
        PlanOutcome outcome = new PlanRunner(machine).run(NetPlanner.plan(NetState.empty(), wanted(2)));

        assertThat(outcome).isInstanceOfSatisfying(PlanOutcome.Undone.class, undone -> {
            assertThat(undone.failed().title()).isEqualTo("add link:vpc70");
            assertThat(undone.why()).contains("File exists");
        });
        assertThat(namespace.say("ip -j -d link")).isEqualTo(before);
        assertThat(machine.observe()).isEqualTo(NetState.empty());
    }

    @Test
    void aRemovedTableComesBackAsItWas() throws Exception {
        converge(wanted(1));
        String before = namespace.say("nft list ruleset");
        NetState seen = machine.observe();
        Step remove = new Step.Remove(Objects.requireNonNull(seen.objects().get("nft:scc_vpc70")));

        machine.apply(List.of(remove));
        assertThat(namespace.say("nft list ruleset")).isEmpty();
        machine.apply(List.of(remove.undo()));

        assertThat(namespace.say("nft list ruleset")).isEqualTo(before);
        assertThat(machine.observe()).isEqualTo(seen);
    }

    @Test
    void aToolThatIsMissingIsAFailureThatNamesIt() {
        LinuxMachine broken = new LinuxMachine(
                command -> {
                    throw new CommandFailed("cannot start \"" + command.argv().getFirst() + "\"");
                },
                namespace.network());

        assertThatThrownBy(() -> broken.apply(List.of(new Step.Add(eni()))))
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining("add link:eni0: cannot start \"ip\"");
    }

    @Test
    void theNamespaceItselfIsUntouchedOutside() throws Exception {
        converge(wanted(2));

        assertThat(new dev.scc.host.command.LocalCommands().check(Command.of("ip", "-j", "link")))
                .doesNotContain("vpc70");
    }
}
