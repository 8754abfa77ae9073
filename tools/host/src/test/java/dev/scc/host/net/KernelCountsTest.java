package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.net.FilterCounts.Count;
import dev.scc.host.net.FilterCounts.Noted;
import dev.scc.host.net.FilterCounts.Ports;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelCountsTest {
    private static final long FIVE_MINUTES = 300_000;

    /** An attribute; what comes after it begins at a multiple of 4 bytes. */
    private static byte[] attribute(int type, byte[]... parts) {
        int length = 4;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length + 3 & ~3).order(ByteOrder.nativeOrder());
        bytes.putShort((short) length).putShort((short) type);
        for (byte[] part : parts) {
            bytes.put(part);
        }
        return bytes.array();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    private static ByteBuffer element(byte[] key, long left) {
        byte[] counter = attribute(
                7,
                attribute(1, "counter\0".getBytes(StandardCharsets.UTF_8)),
                attribute(2, attribute(1, number(180)), attribute(2, number(3))));
        byte[] whole = attribute(0, attribute(1, attribute(1, key)), attribute(5, number(left)), counter);
        return ByteBuffer.wrap(whole).slice(4, whole.length - 4).order(ByteOrder.nativeOrder());
    }

    @Test
    void anElementSaysWhatPassedHowOftenAndHowLongAgo() {
        byte[] key = hex("ac140009 ac140003 06000000 c8220000 00160000");

        assertThat(KernelCounts.noted("last_in", element(key, 299_000), FIVE_MINUTES))
                .contains(new Noted(
                        "last_in",
                        Ipv4.parse("172.20.0.9"),
                        Ipv4.parse("172.20.0.3"),
                        6,
                        Optional.of(new Ports(51_234, 22)),
                        1_000,
                        new Count(3, 180)));
    }

    @Test
    void aProtocolWithoutPortsHasNone() {
        Noted noted = KernelCounts.noted("last_in_other", element(hex("ac140009 ac140003 01000000"), 1), FIVE_MINUTES)
                .orElseThrow();

        assertThat(noted.protocol()).isEqualTo(1);
        assertThat(noted.ports()).isEmpty();
        assertThat(noted.age()).isEqualTo(299_999);
    }

    @Test
    void whatAnotherProgramHasPutIntoASetIsNotTaken() {
        assertThat(KernelCounts.noted("last_in", element(hex("ac140009"), 1), FIVE_MINUTES))
                .isEmpty();
    }

    @Test
    void countersGoOnInATableThatTakesTheOthersPlace() {
        FilterCounts counted = new FilterCounts(
                Map.of("rule_web_in_tcp/80_172.20.0.0/24", new Count(7, 420), "gone", new Count(1, 1)),
                List.of(),
                false);

        String body = counted.into("""
                counter rule_web_in_tcp/80_172.20.0.0/24 { }
                counter dropped_in {
                }
                counter name "rule_web_in_tcp/80_172.20.0.0/24" accept
                """);

        assertThat(body).isEqualTo("""
                counter rule_web_in_tcp/80_172.20.0.0/24 { packets 7 bytes 420 }
                counter dropped_in {
                }
                counter name "rule_web_in_tcp/80_172.20.0.0/24" accept
                """);
    }
}
