package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4Test {
    @Test
    void whatIsWrittenIsRead() {
        assertThat(Ipv4.parse("10.99.0.255").bits()).isEqualTo(0x0a6300ff);
        for (String text : new String[] {"0.0.0.0", "255.255.255.255", "172.16.0.1", "1.20.100.0"}) {
            assertThat(Ipv4.parse(text)).hasToString(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1",
                "1.2.3",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.4.",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.1.1.1000",
                "99999999999.1.1.1",
                "01.2.3.4",
                "1.2.3.00",
                "1.2.3.-4",
                "1.2.3.+4",
                " 1.2.3.4",
                "1.2.3.4 ",
                "a.b.c.d",
                "1.2.3.4/24",
                "::1",
                "١.2.3.4"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Ipv4.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" is not an IPv4 address");
    }
}
