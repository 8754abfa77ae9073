package dev.scc.fabric.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    void everyMessageSurvivesTheWireWithWhateverLiesBehindItInItsSlot() throws IOException {
        List<Message> messages = List.of(
                new Message.Hello("s-1", 3, "n1", "n2", 70, -5),
                new Message.Welcome(1L << 40, -1, 0x80000001, 5, 6),
                new Message.Refused("other session"),
                new Message.Ping(Integer.MAX_VALUE),
                new Message.Compare(),
                new Message.Compared("byte 7"),
                new Message.Done(),
                new Message.Counted(8, 9));
        for (Message message : messages) {
            byte[] slot = new byte[Message.MAX];
            Arrays.fill(slot, (byte) 0x55);
            byte[] bytes = Message.encode(message);
            System.arraycopy(bytes, 0, slot, 0, bytes.length);

            assertThat(Message.decode(slot)).isEqualTo(message);
        }
    }

    @Test
    void aLongReasonIsCutShortToFitItsSlot() throws IOException {
        Message decoded = Message.decode(Message.encode(new Message.Refused("ä".repeat(5000))));

        assertThat(decoded).isEqualTo(new Message.Refused("ä".repeat(300)));
    }

    @Test
    void aSessionTooLongForASlotIsRefusedByItsSender() {
        Message hello = new Message.Hello("s".repeat(2000), 0, "n1", "n2", 70, 0);

        assertThatThrownBy(() -> Message.encode(hello)).hasMessageContaining("longer than 1024");
    }

    @Test
    void aMessageOfAnotherVersionSaysWhichTwoMet() {
        byte[] newer = Message.encode(new Message.Refused("not now"));
        newer[3] = '2';

        assertThatThrownBy(() -> Message.decode(newer))
                .isInstanceOf(Message.OtherVersion.class)
                .hasMessage("the other side speaks version 2 of the probes' protocol, this one version 1:"
                        + " install the same scc on both");
    }

    @Test
    void whatIsNoMessageIsRefused() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            byte[] junk = new byte[Message.MAX];
            random.nextBytes(junk);
            junk[0] = 0;

            assertThatThrownBy(() -> Message.decode(junk)).as("seed %d", seed).isInstanceOf(IOException.class);
        }
        byte[] unknown = Message.encode(new Message.Done());
        unknown[4] = 99;
        assertThatThrownBy(() -> Message.decode(unknown)).hasMessageContaining("unknown kind 99");
    }
}
