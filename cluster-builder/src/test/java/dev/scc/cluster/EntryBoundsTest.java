package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.tree.Entry;
import dev.scc.fabric.inventory.Nic;
import dev.scc.host.Json;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What nodes write is small and in bounds, or it is not read. */
class EntryBoundsTest {
    private static final ClusterName DEMO = new ClusterName("demo");

    private static int bytes(Object record) {
        return Json.write(record).getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    void aStatusFitsItsEntryHoweverLongAndStrangeItsReasonsAre() {
        for (String unit : List.of("x", "\u0001", "\u20ac", "\ud83d\ude00", "\"")) {
            String text = unit.repeat(100_000);
            NodeStatus status = new NodeStatus(
                    Integer.MAX_VALUE,
                    new NodeStatus.StepFailed(text, text, Collections.nCopies(1_000, text)),
                    Collections.nCopies(1_000, new PhaseTime(text, Long.MAX_VALUE)));

            assertThat(bytes(status)).as("of %s", unit).isLessThanOrEqualTo(TreeEntry.STATUS_NODE.largest());
            assertThat(new Entry(Json.write(status), 0, 0).read(NodeStatus.class))
                    .isEqualTo(status);
        }
    }

    @Test
    void aReasonThatIsCutKeepsItsBeginningAndSaysSo() {
        NodeStatus.StepFailed failed = new NodeStatus.StepFailed(
                "add link:eni0", "no memory" + " at all".repeat(1_000), Collections.nCopies(30, "link:vpc70"));

        assertThat(failed.why()).startsWith("no memory at all").endsWith(" …").hasSize(1_000);
        assertThat(failed.left()).hasSize(8).endsWith("and 23 more");
    }

    @Test
    void whatIsOutOfBoundsIsNotRead() {
        for (String text : List.of(
                "{\"assignment\":-1,\"state\":{\"is\":\"Clean\"},\"phases\":[]}",
                "{\"assignment\":2147483648,\"state\":{\"is\":\"Clean\"},\"phases\":[]}",
                "{\"assignment\":1,\"state\":{\"is\":\"Boss\"},\"phases\":[]}",
                "{\"assignment\":1,\"state\":{\"is\":\"Clean\"},\"phases\":[null]}",
                "{\"assignment\":1,\"state\":{\"is\":\"Reached\",\"cluster\":\"demo\",\"revision\":0,\"segment\":null},\"phases\":[]}",
                "null",
                "",
                "[".repeat(100_000))) {
            assertThatThrownBy(() -> new Entry(text, 0, 0).read(NodeStatus.class))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(400));
        }
        assertThatThrownBy(() -> Entry.tooLarge(3_000_000, 0, 0).read(NodeStatus.class))
                .hasMessage("not read: it has 3000000 bytes");
        for (String address : List.of("10.0.0.1", "10.0.0.1/33", "10.0.0/8", "/8", "10.0.0.1/", "\u001b/1")) {
            assertThatThrownBy(() -> new Nic("eth0", "", 1500, "UP", List.of(address)))
                    .as(address)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Assignment.Serve(Long.MAX_VALUE, DEMO, 1, 70))
                .hasMessageStartingWith("epoch: 9223372036854775807 is not within ");
    }

    @Test
    void anAnswerFitsItsAssignment() {
        Assignment serve = new Assignment.Serve(1, DEMO, 2, 70);
        NodeStatus.State failed = new NodeStatus.StepFailed("obey", "cannot", List.of());

        assertThat(serve.answeredBy(new NodeStatus.Reached(DEMO, 2, Optional.empty())))
                .isTrue();
        assertThat(serve.answeredBy(new NodeStatus.Reached(DEMO, 3, Optional.empty())))
                .isFalse();
        assertThat(serve.answeredBy(new NodeStatus.Reached(new ClusterName("other"), 2, Optional.empty())))
                .isFalse();
        assertThat(serve.answeredBy(new NodeStatus.Clean())).isFalse();
        assertThat(serve.answeredBy(failed)).isTrue();
        assertThat(new Assignment.Leave(1, DEMO, 70).answeredBy(new NodeStatus.Clean()))
                .isTrue();
        assertThat(new Assignment.Free(1, 0).answeredBy(new NodeStatus.Reached(DEMO, 2, Optional.empty())))
                .isFalse();
    }

    /** Whatever is made of an entry, it is read or refused: nothing else may come out of reading it. */
    @Test
    void whateverIsMadeOfAnEntryItIsReadOrRefused() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        String[] texts = {
            Json.write(new NodeStatus(
                    1,
                    new NodeStatus.Reached(DEMO, 2, Optional.of(new NodeStatus.SegmentAddress("fe80::1", 3))),
                    List.of(new PhaseTime("change", 3)))),
            "{\"is\":\"Serve\",\"epoch\":1,\"cluster\":\"demo\",\"revision\":1,\"network\":70}",
            "{\"instance\":\"i\",\"underlay\":\"10.99.0.11\"}"
        };
        Class<?>[] types = {NodeStatus.class, Assignment.class, Alive.class};
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            int which = random.nextInt(texts.length);
            String text = mutated(texts[which], random);
            try {
                new Entry(text, 0, 0).read(types[which]);
                read++;
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("not a ");
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ", round " + round + ": " + text, e);
            }
        }
        assertThat(read).as("seed %d", seed).isPositive();
    }

    private static String mutated(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        for (int times = random.nextInt(4); times >= 0; times--) {
            int at = random.nextInt(changed.length());
            switch (random.nextInt(5)) {
                case 0 -> changed.deleteCharAt(at);
                case 1 -> changed.setCharAt(at, (char) random.nextInt(128));
                case 2 ->
                    changed.insert(
                            at,
                            List.of("null", "-", "[", "{", "99999999999", "1e9", "\"")
                                    .get(random.nextInt(7)));
                case 3 -> changed.insert(at, changed.substring(at));
                default -> changed.setLength(Math.max(1, at));
            }
            if (changed.isEmpty()) {
                changed.append('x');
            }
        }
        return changed.toString();
    }
}
