package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.net.NetObject.TunnelEnd;
import dev.scc.host.net.NetObject.TunnelPeer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes as a machine that has the lowest one first says and gets them. */
class WireguardMessagesTest {
    private static final String KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String OTHER = "f0".repeat(32);
    private static final TunnelEnd END = new TunnelEnd("w0", key(KEY), 61_820);
    private static final TunnelPeer PEER =
            new TunnelPeer("w0", key(OTHER), Ipv6.parse("fd5c:c791:4e0a::a63:c"), Ipv4.parse("10.99.0.12"), 61_820);

    private static final String NAME = "0700 0200 7730 0000";
    /** Public key, flag 2, sockaddr_in, keepalive of 3600 s, one allowed address: family 10, address, 128. */
    private static final String PEER_ATTRIBUTES = "2400 0100" + OTHER
            + "0800 0300 0200 0000"
            + "1400 0400 0200 f17c 0a63 000c 0000 0000 0000 0000"
            + "0600 0500 100e 0000"
            + "2c00 0980 2800 0080"
            + "0600 0100 0a00 0000"
            + "1400 0200 fd5c c791 4e0a 0000 0000 0000 0a63 000c"
            + "0500 0300 8000 0000";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static TunnelKey key(String hex) {
        return new TunnelKey(Base64.getEncoder().encodeToString(bytes(hex)));
    }

    private static Netlink.Entry answer(String hex) {
        ByteBuffer attributes = ByteBuffer.wrap(bytes(hex)).order(ByteOrder.nativeOrder());
        return new Netlink.Entry(ByteBuffer.allocate(WireguardMessages.HEAD), Netlink.attributes(attributes));
    }

    @Test
    void anEndIsGivenItsSecretAndItsPort() {
        assertThat(WireguardMessages.add(END, bytes(OTHER)))
                .isEqualTo(bytes("0101 0000" + NAME + "2400 0300" + OTHER + "0600 0600 7cf1 0000"));
    }

    @Test
    void anEndThatIsRemovedHasNoSecretAndNoPort() {
        assertThat(WireguardMessages.remove(END))
                .isEqualTo(bytes("0101 0000" + NAME + "2400 0300" + "00".repeat(32) + "0600 0600 0000 0000"));
    }

    @Test
    void aPeerIsSaidWithItsPlaceAndItsOnlyAddress() {
        assertThat(WireguardMessages.add(PEER))
                .isEqualTo(bytes("0101 0000" + NAME + "7c00 0880 7800 0080" + PEER_ATTRIBUTES));
    }

    @Test
    void aPeerIsRemovedByItsKey() {
        assertThat(WireguardMessages.remove(PEER))
                .isEqualTo(bytes(
                        "0101 0000" + NAME + "3400 0880 3000 0080" + "2400 0100" + OTHER + "0800 0300 0100 0000"));
    }

    @Test
    void theFamilyIsAskedForByItsNameAndComesAsANumber() {
        assertThat(WireguardMessages.askFamily()).isEqualTo(bytes("0301 0000 0e00 0200 7769 7265 6775 6172 6400 0000"));
        assertThat(WireguardMessages.family(answer("0e00 0200 7769 7265 6775 6172 6400 0000 0600 0100 1d00 0000")))
                .contains(29);
    }

    @Test
    void aDeviceIsReadWithItsPeersFromSeveralMessages() {
        TunnelPeer second = new TunnelPeer("w0", key(KEY), PEER.address(), PEER.endpoint(), PEER.port());

        List<NetObject> read = WireguardMessages.device(
                "w0",
                List.of(
                        answer("2400 0400" + KEY + "0600 0600 7cf1 0000" + "7c00 0880 7800 0080" + PEER_ATTRIBUTES),
                        answer(NAME + "7c00 0880 7800 0080" + PEER_ATTRIBUTES.replace(OTHER, KEY))));

        assertThat(read).containsExactly(END, PEER, second);
    }

    /** As Linux's get_peer does, where a message has room for the peer but not for its address. */
    @Test
    void aPeerWhoseAddressComesInTheNextMessageIsOnePeer() {
        String place = "2400 0100" + OTHER + "1400 0400 0200 f17c 0a63 000c 0000 0000 0000 0000" + "0400 0980";
        String rest = "2400 0100" + OTHER
                + "2c00 0980 2800 0080 0600 0100 0a00 0000 1400 0200 fd5c c791 4e0a 0000 0000 0000 0a63 000c"
                + "0500 0300 8000 0000";

        assertThat(WireguardMessages.device(
                        "w0",
                        List.of(answer("4400 0880 4000 0080" + place), answer(NAME + "5800 0880 5400 0080" + rest))))
                .containsExactly(PEER);
    }

    @Test
    void aDeviceWithoutAKeyHasNoEnd() {
        assertThat(WireguardMessages.device("w0", List.of(answer(NAME + "0600 0600 7cf1 0000"))))
                .isEmpty();
    }

    @Test
    void aPeerThatSomebodyGaveOtherAddressesOrNoPlaceIsNoneOfOurs() {
        String twoAddresses = PEER_ATTRIBUTES.replace("2c00 0980 2800 0080", "5400 0980 2800 0080")
                + "2800 0080 0600 0100 0a00 0000 1400 0200" + "11".repeat(16) + "0500 0300 8000 0000";
        String wider = PEER_ATTRIBUTES.replace("0500 0300 8000 0000", "0500 0300 4000 0000");
        String nowhere = "2400 0100" + OTHER;
        Ipv6 none = Ipv6.parse("::");

        assertThat(WireguardMessages.device("w0", List.of(answer("a400 0880 a000 0080" + twoAddresses))))
                .containsExactly(new TunnelPeer("w0", PEER.peer(), none, PEER.endpoint(), PEER.port()));
        assertThat(WireguardMessages.device("w0", List.of(answer("7c00 0880 7800 0080" + wider))))
                .containsExactly(new TunnelPeer("w0", PEER.peer(), none, PEER.endpoint(), PEER.port()));
        assertThat(WireguardMessages.device("w0", List.of(answer("2c00 0880 2800 0080" + nowhere))))
                .containsExactly(new TunnelPeer("w0", PEER.peer(), none, new Ipv4(0), 0));
    }

    @Test
    void whatIsSaidOfAPeerIsReadBackAsIt() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            byte[] key = new byte[TunnelKey.LENGTH];
            random.nextBytes(key);
            TunnelPeer peer = new TunnelPeer(
                    "w" + random.nextInt(1_000),
                    TunnelKey.of(key),
                    new Ipv6(random.nextLong(), random.nextLong()),
                    new Ipv4(random.nextInt()),
                    random.nextInt(65_536));
            byte[] said = WireguardMessages.add(peer);
            ByteBuffer attributes = ByteBuffer.wrap(said, WireguardMessages.HEAD, said.length - WireguardMessages.HEAD)
                    .slice()
                    .order(ByteOrder.nativeOrder());

            List<NetObject> read = new ArrayList<>(WireguardMessages.device(
                    peer.link(), List.of(new Netlink.Entry(ByteBuffer.allocate(0), Netlink.attributes(attributes)))));

            assertThat(read).as("seed %d", seed).containsExactly(peer);
        }
    }
}
