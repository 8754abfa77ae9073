package dev.scc.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.UserMistake;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerAddressesTest {
    @Test
    void aServerHasTheUsualPortUnlessItIsSaid() {
        assertThat(ServerAddresses.parse("a")).containsExactly("a:7443");
        assertThat(ServerAddresses.parse(" a:1 , b:65535,[fd00::1]:80,[fd00::1],[fd00::]:80"))
                .containsExactly("a:1", "b:65535", "[fd00::1]:80", "[fd00::1]:7443", "[fd00::]:80");
    }

    @Test
    void zooKeepersPortMeansTheServerBesideIt() {
        assertThat(ServerAddresses.parse("a:2181")).containsExactly("a:7443");
    }

    @Test
    void besideAnyZooKeeperIsTheUsualPortOfServersWhateverItsOwn() {
        assertThat(ServerAddresses.beside("a:2181,b:3181 ,[fd00::1]:99,[fd00::2],c"))
                .containsExactly("a:7443", "b:7443", "[fd00::1]:7443", "[fd00::2]:7443", "c:7443");
    }

    @Test
    void agentsFindZooKeeperOfTheServersThatPeopleName() {
        assertThat(ServerAddresses.trees("a,b:7443, c:2181,d:3181,[fd00::1]:7443,[fd00::2],a:2181"))
                .isEqualTo("a:2181,b:2181,c:2181,d:3181,[fd00::1]:2181,[fd00::2]:2181");
        assertThatThrownBy(() -> ServerAddresses.trees("a:x")).isInstanceOf(UserMistake.class);
    }

    @Test
    void aServerThatIsNamedTwiceIsOne() {
        assertThat(ServerAddresses.parse("a,b,a:7443")).containsExactly("a:7443", "b:7443");
    }

    @Test
    void whatIsNoServerIsTheUsersMistake() {
        for (String text : List.of(
                "",
                "a,",
                ":1",
                "a b",
                "a:",
                "a:0",
                "a:01",
                "a:65536",
                "a:x",
                "a:1:2",
                "a:99999",
                "-x",
                "x-",
                "::1",
                "[::1",
                "[]",
                "http://a",
                "a/b",
                "é")) {
            assertThatThrownBy(() -> ServerAddresses.parse(text))
                    .as("server \"%s\"", text)
                    .isInstanceOf(UserMistake.class)
                    .hasMessageContaining("is not HOST or HOST:PORT");
        }
    }
}
