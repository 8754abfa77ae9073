package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemberRunTest {
    private static final Ipv4 BASE = Ipv4.parse("10.0.0.0");

    private static Member member(String prefix, int number, int address, String agentHost) {
        return new Member(
                new NodeName(prefix + number),
                BASE.plus(address),
                agentHost + ":7070",
                BASE.plus(1000 + address),
                BASE.plus(2000 + address),
                "rxe0",
                "eth1");
    }

    /** Mostly counting up, with a leap here and there in anything. */
    private static List<Member> random(Random random) {
        List<Member> members = new ArrayList<>();
        int number = random.nextInt(3);
        int address = random.nextInt(300);
        String prefix = "n";
        for (int left = 1 + random.nextInt(40); left > 0; left--) {
            switch (random.nextInt(8)) {
                case 0 -> number += random.nextInt(12);
                case 1 -> address += random.nextInt(3);
                case 2 -> prefix = random.nextBoolean() ? "n" : "r0-n0";
                default -> {}
            }
            String host = random.nextInt(10) == 0 ? "gate" : BASE.plus(address).toString();
            members.add(member(prefix, number++, address++, host));
        }
        return members;
    }

    @Test
    void runsAreTheMembersInTheirOrder() {
        int runs = 0;
        int members = 0;
        for (int seed = 0; seed < 2000; seed++) {
            List<Member> before = random(new Random(seed));
            List<MemberRun> written = MemberRun.of(before);
            assertThat(MemberRun.members(written)).as("seed %d", seed).isEqualTo(before);
            runs += written.size();
            members += before.size();
        }
        assertThat(runs).isLessThan(members / 2);
    }

    @Test
    void aThousandInOrderAreOneRun() {
        List<Member> members = new ArrayList<>();
        for (int number = 1; number <= 1000; number++) {
            members.add(member("n", number, number, BASE.plus(number).toString()));
        }
        assertThat(MemberRun.of(members))
                .singleElement()
                .satisfies(run -> assertThat(run.count()).isEqualTo(1000));
    }

    @Test
    void agentsUnderNamesOfTheirOwnDoNotCountUp() {
        List<Member> members = List.of(member("n", 1, 1, "one"), member("n", 2, 2, "two"));
        assertThat(MemberRun.of(members)).hasSize(2);
        assertThat(MemberRun.members(MemberRun.of(members))).isEqualTo(members);
    }
}
