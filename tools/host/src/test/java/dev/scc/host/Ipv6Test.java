package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv6Test {
    /** The examples of RFC 5952, and corners of it. */
    @ParameterizedTest
    @CsvSource({
        "2001:0db8:0000:0000:0000:0000:0002:0001, 2001:db8::2:1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8::0:1, 2001:db8::1",
        "0:0:0:0:0:0:0:0, ::",
        "0::1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "fd00:20:0:0:0:0:AC14:9, fd00:20::ac14:9",
        "::ffff:10.1.2.3, ::ffff:10.1.2.3",
        "64:ff9b::10.1.2.3, 64:ff9b::a01:203",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    })
    void whatIsReadIsWrittenInItsOneForm(String text, String form) {
        assertThat(Ipv6.parse(text)).hasToString(form);
        assertThat(Ip.parse(text)).isEqualTo(Ipv6.parse(form));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1::2::3",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                "12345::",
                "g::",
                "::1%eth0",
                "::1/64",
                " ::1",
                "::-1",
                "::+1",
                "1.2.3.4::",
                "1.2.3.4::1.2.3.4",
                "::1.2.3",
                "::1.2.3.256",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "\u0661::"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Ipv6.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Java's own has another text, and the same meaning. */
    @Test
    void randomAddressesComeBackAndMeanWhatJavaSaysThatTheyMean() throws Exception {
        long seed = new Random().nextInt(1_000_000);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            // Half of them with runs of zeros.
            long mask = random.nextBoolean() ? -1 : 0xffff_0000_0000_ffffL << (16 * random.nextInt(3));
            Ipv6 address = new Ipv6(random.nextLong() & mask, random.nextLong() & mask);
            byte[] bytes = ByteBuffer.allocate(16)
                    .putLong(address.high())
                    .putLong(address.low())
                    .array();

            assertThat(Ipv6.parse(address.toString())).as("seed %d", seed).isEqualTo(address);
            assertThat(Ipv6.parse(InetAddress.getByAddress(bytes).getHostAddress()))
                    .as("seed %d", seed)
                    .isEqualTo(address);
            assertThat(InetAddress.getByName(address.toString()).getAddress())
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void theyAreOrderedByTheirBitsAfterThoseOfIpv4() {
        assertThat(Ip.parse("fd00::1")).isLessThan(Ip.parse("fd00::2")).isGreaterThan(Ip.parse("2001:db8::ffff"));
        assertThat(Ip.parse("255.255.255.255")).isLessThan(Ip.parse("::"));
        assertThat(Ip.parse("::")).isGreaterThan(Ip.parse("0.0.0.0"));
        assertThat(Ipv6.parse("fd00::ffff:ffff:ffff:ffff").plus(2)).hasToString("fd00:0:0:1::1");
    }

    @Test
    void eitherOfBothIsOneWordInJson() {
        record Pair(Ip one, Ip other) {}
        Pair pair = new Pair(Ip.parse("10.0.0.1"), Ip.parse("FD00:0::1"));

        assertThat(Json.write(pair)).isEqualTo("{\"one\":\"10.0.0.1\",\"other\":\"fd00::1\"}");
        assertThat(Json.read("{\"one\":\"10.0.0.1\",\"other\":\"fd00:0::0001\"}", Pair.class))
                .isEqualTo(pair);
        assertThatThrownBy(() -> Json.read("{\"one\":\"x\",\"other\":\"::\"}", Pair.class))
                .hasMessageContaining("\"x\" is not an IPv4 address");
    }
}
