package dev.scc.cluster.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Attachment;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CniCallTest {
    private static CniCall read(String said) throws IOException {
        return CniCall.read(new ByteArrayInputStream(said.getBytes(UTF_8)));
    }

    private static String said(String... words) {
        StringBuilder text = new StringBuilder("scc-cni 1\n");
        for (String word : words) {
            text.append(word.getBytes(UTF_8).length).append('\n').append(word);
        }
        return text.toString();
    }

    @Test
    void aPodIsKnownByItsNameAndAnythingElseByItsId() throws Exception {
        CniCall pod = read(said(
                "ADD", "c1", "eth0", "/run/netns/x", "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web", "{}"));
        CniCall other = read(said("ADD", "c1", "eth0", "/run/netns/x", "", "{}"));

        assertThat(pod.attachment("pods")).isEqualTo(new Attachment("pods", "c1", "eth0", "shop/web"));
        assertThat(other.attachment("pods").name()).isEqualTo("c1");
    }

    @Test
    void theConfigurationsAddressCountsBeforeThatOfTheArguments() throws Exception {
        CniCall call = read(said("ADD", "c1", "eth0", "/run/netns/x", "IP=172.20.0.8", "{}"));
        CniConfig plain = CniConfig.read("{\"cniVersion\":\"1.1.0\",\"name\":\"pods\",\"other\":{\"vpc\":1}}");
        CniConfig filled = CniConfig.read(
                "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\",\"runtimeConfig\":{\"ips\":[\"172.20.0.9/24\",\"fd00::9/64\"]}}");

        assertThat(plain.addresses(call)).containsExactly(Ipv4.parse("172.20.0.8"));
        assertThat(filled.addresses(call)).containsExactly(Ipv4.parse("172.20.0.9"), Ip.parse("fd00::9"));
        assertThatThrownBy(() -> CniConfig.read("{\"cniVersion\":\"2.0.0\"}")).hasMessageContaining("2.0.0");
        assertThatThrownBy(() -> CniConfig.read("[")).hasMessageContaining("cannot be read");
        assertThatThrownBy(plain::vpcName).hasMessageContaining("scc vpc create NAME --containers");
    }

    /** Class of hole: a caller that has a listener read without an end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET / HTTP/1.1\r\n\r\n",
                "scc-cni 2\n",
                "scc-cni 1\n99999999\n",
                "scc-cni 1\n5000\nADD",
                "scc-cni 1\n-1\n",
                "scc-cni 1\n3\nADD2\n",
                "scc-cni 1\n0000000000000000000000000000003\nADD"
            })
    void whatIsTooLongOrUnknownOrDoesNotEndIsNotHeardOut(String said) {
        assertThatThrownBy(() -> read(said)).isInstanceOfAny(EOFException.class, IOException.class);
    }
}
