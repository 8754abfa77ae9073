package dev.scc.job.pmix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
import dev.scc.job.JobLimits;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PmixExchangeTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final String ALL = "fffffffe";

    private final List<String> heard = new ArrayList<>();
    private final List<PmixDelivery> deliveries = new ArrayList<>();
    private final PmixExchange exchange = new PmixExchange(
            List.of(new PmixFrames.Place("n1", 2), new PmixFrames.Place("n2", 2), new PmixFrames.Place("n3", 1)),
            new PmixExchange.Listener() {
                @Override
                public void ready(Map<NodeName, Map<String, String>> environments) {
                    heard.add("ready " + environments.size());
                }

                @Override
                public void arrived(NodeName node, int rank) {
                    heard.add("arrived " + node + " " + rank);
                }

                @Override
                public void aborted(int rank, int code, String message) {
                    heard.add("aborted " + rank + " " + code + " " + message);
                }

                @Override
                public void exceeded(String why) {
                    heard.add(why);
                }

                @Override
                public void deliver(NodeName node, PmixDelivery delivery) {
                    deliveries.add(delivery);
                    heard.add(node + " "
                            + delivery.pieces().stream()
                                    .map(piece -> HexFormat.of().formatHex(piece.toArray()))
                                    .collect(Collectors.joining()));
                }
            });

    private void say(NodeName node, String body) {
        exchange.heard(node, Bytes.of(HexFormat.of().parseHex("%08x".formatted(body.length() / 2) + body)));
    }

    private static String fence(int question, String ranks, String data) {
        return "11%08x%08x".formatted(question, ranks.length() / 8) + ranks + data;
    }

    @Test
    void ranksMayStartWhenAllServersAreReady() {
        say(N1, "1000000000");
        say(N3, "1000000000");
        assertThat(heard).isEmpty();
        say(N2, "1000000000");

        assertThat(heard).containsExactly("ready 3");
    }

    @Test
    void aFenceIsOverWhenAllHaveComeAndEachHasWhatAllHaveBrought() {
        say(N1, fence(7, ALL, "aa"));
        say(N3, fence(1, ALL, ""));
        assertThat(heard).isEmpty();
        say(N2, fence(4, ALL, "bbbb"));

        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "n1 0000000c" + "02" + "00000007" + "00000000" + "aabbbb",
                        "n2 0000000c" + "02" + "00000004" + "00000000" + "aabbbb",
                        "n3 0000000c" + "02" + "00000001" + "00000000" + "aabbbb");
    }

    @Test
    void fencesOfSomeRanksGoOnBesideOthers() {
        String some = "0000000200000004";
        say(N1, fence(1, ALL, "aa"));
        say(N2, fence(1, some, ""));
        say(N3, fence(1, some, "cc"));

        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "n2 0000000a" + "02" + "00000001" + "00000000" + "cc",
                        "n3 0000000a" + "02" + "00000001" + "00000000" + "cc");
    }

    @Test
    void whatARankElsewhereHasIsAskedForThere() {
        say(N1, "12" + "00000005" + "00000003");
        say(N2, "13" + "00000001" + "00000000" + "abcd");
        say(N1, "12" + "00000006" + "00000009");

        assertThat(heard)
                .containsExactly(
                        "n2 00000009" + "03" + "00000001" + "00000003",
                        "n1 0000000b" + "02" + "00000005" + "00000000" + "abcd",
                        "n1 00000009" + "02" + "00000006" + "ffffffd2");
    }

    @Test
    void aRankThatHasBegunAndNotFinalizedIsUnfinished() {
        say(N2, "14" + "00000002");
        assertThat(exchange.unfinished(2)).isTrue();
        say(N2, "15" + "00000002");

        assertThat(exchange.unfinished(2)).isFalse();
        assertThat(heard).containsExactly("arrived n2 2");
    }

    @Test
    void anAbortIsPassedOn() {
        say(N2, "16" + "00000003" + "00000005" + "0001" + "78");

        assertThat(heard).containsExactly("aborted 3 5 x");
    }

    @Test
    void whatNoServerMaySayIsExcessOnceAndThenNobodyListens() {
        for (List<String> wrong : List.of(
                List.of("14" + "00000000"), // a rank of another node
                List.of("16" + "00000000" + "00000001" + "0000"),
                List.of(fence(1, "00000000", "")), // takes no part in it
                List.of(fence(1, "0000000200000063", "")), // no such rank
                List.of(fence(1, ALL, ""), fence(2, ALL, "")), // twice
                List.of("13" + "00000009" + "00000000"), // nobody has asked
                List.of("1000000000", "1000000000"),
                List.of("63"))) {
            PmixExchangeTest fresh = new PmixExchangeTest();
            wrong.forEach(body -> fresh.say(N2, body));
            fresh.say(N2, "14" + "00000002");

            assertThat(fresh.heard)
                    .as(wrong.toString())
                    .singleElement()
                    .asString()
                    .startsWith("the job's PMIx server on n2 has said what no such server says");
        }
    }

    @Test
    void ranksHaveNoMoreForEachOtherThanThereMayBeUntilItIsRead() {
        String much = "00".repeat(JobLimits.PMIX_OF_A_NODE);
        for (int round = 0; round < 3; round++) {
            say(N2, fence(round, "00000002", much));
            deliveries.removeFirst().sent().run();
        }
        heard.clear();
        for (int round = 0; round < 4; round++) {
            say(N2, fence(round, "00000002", much));
        }
        assertThat(heard).hasSize(4).allMatch(text -> text.startsWith("n2 "));
        say(N2, fence(9, "00000002", "00"));

        assertThat(heard.getLast()).contains("more than 4 MiB for each other");
    }
}
