package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnsembleTest {
    private static final Ensemble THREE = Ensemble.parse("s1=127.0.0.1:1:2:3,s2=127.0.0.1:4:5:6,s3=127.0.0.1:7:8:9");

    @TempDir
    Path data;

    @Test
    void membersHaveTheUsualPortsUnlessTheyAreGiven() {
        Ensemble ensemble = Ensemble.parse("b=10.0.0.2:2182, a=10.0.0.1,c=host.example:1:2:3");

        assertThat(ensemble.members())
                .containsExactly(
                        new EnsembleMember("a", "10.0.0.1", 2181, 2888, 3888),
                        new EnsembleMember("b", "10.0.0.2", 2182, 2888, 3888),
                        new EnsembleMember("c", "host.example", 1, 2, 3));
        assertThat(ensemble.hosts()).isEqualTo("10.0.0.1:2181,10.0.0.2:2182,host.example:1");
        assertThat(ensemble.member("b").address()).isEqualTo("10.0.0.2:2182");
    }

    @Test
    void theOrderOfTheListDoesNotMatter() {
        Ensemble ensemble = Ensemble.parse("b=h2,a=h1,c=h3");

        assertThat(ensemble.id("a")).isEqualTo(1);
        assertThat(ensemble.id("c")).isEqualTo(3);
        assertThat(ensemble).isEqualTo(Ensemble.parse("c=h3,a=h1,b=h2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s1=h1 | does not survive the loss of a server",
                "s1=h1,s2=h2 | does not survive the loss of a server",
                "s1=h1,s2=h2,s3=h3,s4=h4 | an odd number",
                "s1=h1,s1=h2,s3=h3 | s1 is named twice",
                "s1=h1,s2=h1,s3=h3 | share the address h1:2181",
                "s1=h1,,s3=h3 | \"\" is not a peer such as",
                "h1,h2,h3 | \"h1\" is not a peer such as",
                "s1=h1:70000,s2=h2,s3=h3 | port 70000",
                "s1=h1:5:5:6,s2=h2,s3=h3 | three ports"
            })
    void aListThatMakesNoEnsembleIsRefusedWithTheReason(String text, String why) {
        assertThatThrownBy(() -> Ensemble.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aServerThatIsNotAmongItsPeersIsRefused() {
        assertThatThrownBy(() -> EnsembleZooKeeper.start(data, THREE, "s4", Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("s4, is not among the peers s1,s2,s3");
    }

    @Test
    void dataBelongToOneMemberOfOneEnsemble() throws Exception {
        DataOwner.claim(data, THREE, "s1");

        DataOwner.claim(data, Ensemble.parse("s3=other,s2=host,s1=names"), "s1");
        assertThatThrownBy(() -> DataOwner.claim(data, THREE, "s2"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belong to peer s1 of s1,s2,s3, this server is peer s2");
        assertThatThrownBy(() -> DataOwner.claim(data, Ensemble.parse("s1=a,s2=b,s4=c"), "s1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("this server is peer s1 of s1,s2,s4");
        assertThatThrownBy(() -> EmbeddedZooKeeper.start(data, anyPort()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("start this server with the same --peers");
    }

    @Test
    void dataOfASingleServerAreNotTakenIntoAnEnsemble() throws Exception {
        EmbeddedZooKeeper.start(data, anyPort()).close();

        assertThatThrownBy(() -> EnsembleZooKeeper.start(data, THREE, "s1", Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belong to a server without peers");
    }

    @Test
    void aPortForThePeersThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ensemble ensemble =
                    Ensemble.parse("s1=127.0.0.1:1:" + taken.getLocalPort() + ":2,s2=127.0.0.2,s3=127.0.0.3");

            assertThatThrownBy(() -> EnsembleZooKeeper.start(data, ensemble, "s1", Optional.empty()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
