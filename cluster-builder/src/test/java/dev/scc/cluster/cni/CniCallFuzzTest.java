package dev.scc.cluster.cni;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program on the node may say at the door of container runtimes: {@code -Dscc.fuzz=N} for N calls, {@code -Dscc.seed}. */
@Timeout(600)
class CniCallFuzzTest {
    private static final List<String> WORDS = List.of(
            "ADD",
            "",
            "/run/netns/blue",
            "IP=172.20.0.9;K8S_POD_NAME=web;K8S_POD_NAMESPACE=",
            "eth0",
            "\u0000",
            "../..",
            "x".repeat(5_000),
            "{\"name\":\"pods\",\"vpc\":\"pods\",\"groups\":[1,{}]}");

    @Test
    void whateverIsSaidIsUnderstoodOrRefused() {
        Random random = new Random(Long.getLong("scc.seed", 1));
        int understood = 0;
        int refused = 0;
        for (int call = 0; call < Integer.getInteger("scc.fuzz", 5_000); call++) {
            byte[] said = said(random);
            try {
                CniCall heard = CniCall.read(new ByteArrayInputStream(said));
                assertThat(heard.address()).isNotNull();
                understood++;
                heard.attachment("pods");
                heard.file();
            } catch (IOException | CniFailed e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("call " + call, e);
            }
        }
        assertThat(understood).isPositive();
        assertThat(refused).isPositive();
    }

    private static byte[] said(Random random) {
        StringBuilder text = new StringBuilder("scc-cni 1\n");
        for (int word = 0; word < 6; word++) {
            String next = WORDS.get(random.nextInt(WORDS.size()));
            text.append(random.nextInt(20) == 0 ? random.nextLong() : next.length())
                    .append('\n')
                    .append(next);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        if (random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return random.nextInt(6) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
