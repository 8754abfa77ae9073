package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitramfsTest {
    @Test
    void aShellReadsQuotedWordsAsTheyWere() throws Exception {
        List<String> words = List.of("a b", "it's", "$HOME", "", "\\n", "\"x\"", "*");

        String printed = new LocalCommands().check(Command.of("sh", "-c", "printf '%s|' " + Initramfs.quoted(words)));

        assertThat(printed).isEqualTo(String.join("|", words) + "|");
    }
}
