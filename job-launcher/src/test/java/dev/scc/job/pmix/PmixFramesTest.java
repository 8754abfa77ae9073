package dev.scc.job.pmix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.job.JobLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The frames of {@code pmix-frames.h}; what servers say is mutated from a seed: {@code -Dscc.fuzz=N}, {@code -Dscc.seed}. */
@Timeout(240)
class PmixFramesTest {
    /** As {@code scc-pmix} writes them, without their lengths: of each kind one. */
    private static final List<String> RECORDED = List.of(
            // Two variables, one of which each rank has its own of.
            "10" + "00000002" + "000b" + hex("PMIX_RANK=2") + "0013" + hex("PMIX_NAMESPACE=demo"),
            "11" + "00000001" + "00000002" + "00000000" + "00000003" + "0102030405060a",
            "11" + "00000002" + "00000001" + "fffffffe",
            "12" + "00000003" + "00000001",
            "13" + "00000007" + "00000000" + "abcd",
            "14" + "00000002",
            "15" + "00000002",
            "16" + "00000001" + "00000005" + "0003" + hex("N/A"));

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Bytes bytes(String hex) {
        return Bytes.of(HexFormat.of().parseHex(hex));
    }

    private static List<PmixSaid> read(String hex) throws PmixFrames.Malformed {
        return new PmixFrames().read(bytes(hex));
    }

    @Test
    void whatServersSayIsReadHoweverItComes() throws Exception {
        byte[] all = bytes(String.join("", recorded())).toArray();
        List<PmixSaid> atOnce = new PmixFrames().read(Bytes.of(all));
        List<PmixSaid> byteByByte = new ArrayList<>();
        PmixFrames frames = new PmixFrames();
        for (int i = 0; i < all.length; i++) {
            byteByByte.addAll(frames.read(Bytes.of(all, i, 1)));
        }

        assertThat(atOnce)
                .containsExactly(
                        new PmixSaid.Ready(Map.of("PMIX_NAMESPACE", "demo")),
                        new PmixSaid.Fence(1, List.of(0, 3), bytes("0102030405060a")),
                        new PmixSaid.Fence(2, List.of(), Bytes.NONE),
                        new PmixSaid.Want(3, 1),
                        new PmixSaid.Gave(7, 0, bytes("abcd")),
                        new PmixSaid.Arrived(2),
                        new PmixSaid.Finalized(2),
                        new PmixSaid.Aborted(1, 5, "N/A"));
        assertThat(byteByByte).isEqualTo(atOnce);
    }

    /** With their lengths. */
    private static List<String> recorded() {
        return RECORDED.stream()
                .map(frame -> "%08x".formatted(frame.length() / 2) + frame)
                .toList();
    }

    @Test
    void whatGoesToServersHasTheFormOfTheirSource() {
        assertThat(HexFormat.of()
                        .formatHex(PmixFrames.job(
                                "demo-1",
                                "/j",
                                1,
                                List.of(new PmixFrames.Place("n1", 2), new PmixFrames.Place("n2", 300)))))
                .isEqualTo("00000025" + "01" + "0006" + hex("demo-1") + "0002" + hex("/j") + "00000001" + "00000002"
                        + "0002" + hex("n1") + "00000002" + "0002" + hex("n2") + "0000012c");
        assertThat(HexFormat.of().formatHex(PmixFrames.answer(3, -46, 10)))
                .isEqualTo("00000013" + "02" + "00000003" + "ffffffd2");
        assertThat(HexFormat.of().formatHex(PmixFrames.ask(9, 4)))
                .isEqualTo("00000009" + "03" + "00000009" + "00000004");
    }

    @Test
    void whatIsNoFrameIsRefused() {
        for (String wrong : List.of(
                "00000000", // no kind
                "7fffffff10", // longer than any
                "ffffffff10",
                "0000000163", // no such kind
                "0000000414000000", // ends too early
                "000000061400000002aa", // goes on
                "000000091100000001ffffffff", // fewer than no ranks
                "00000009110000000100000000", // a fence of nobody
                "000000051000000041", // so many variables
                "0000000f10" + "00000001" + "0008" + hex("PATH=/x/"), // none of PMIx
                "0000000f10" + "00000001" + "0008" + hex("PMIX_A=\0"))) {
            assertThatThrownBy(() -> read(wrong)).as(wrong).isInstanceOf(PmixFrames.Malformed.class);
        }
        int longest = JobLimits.PMIX_OF_A_NODE;
        String tooMuch = "%08x13".formatted(9 + longest + 1) + "00000001" + "00000000" + "00".repeat(longest + 1);
        assertThatThrownBy(() -> read(tooMuch)).hasMessageContaining("bytes of data");
    }

    @Test
    void mutatedFramesAreReadOrRefused() {
        long seed = Long.getLong("scc.seed", 1);
        Random random = new Random(seed);
        String all = String.join("", recorded());
        for (int round = 0; round < Integer.getInteger("scc.fuzz", 20_000); round++) {
            byte[] mutated = bytes(all).toArray();
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            PmixFrames frames = new PmixFrames();
            try {
                int cut = random.nextInt(mutated.length);
                frames.read(Bytes.of(mutated, 0, cut));
                frames.read(Bytes.of(mutated, cut, mutated.length - cut));
            } catch (PmixFrames.Malformed e) {
                assertThat(e.getMessage()).as("seed %d, round %d", seed, round).isNotEmpty();
            }
        }
    }
}
