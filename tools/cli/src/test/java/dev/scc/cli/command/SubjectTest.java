package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Refusal;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SubjectTest {
    private static final EnumSet<Refusal> OF_THE_SUBJECT =
            EnumSet.of(Refusal.NAME_TAKEN, Refusal.UNKNOWN, Refusal.BUSY, Refusal.NOT_ENTITLED);

    @Test
    void whoIsRefusedAboutAnEniIsNotSentToClusters() {
        for (Subject subject : EnumSet.complementOf(EnumSet.of(Subject.CLUSTER))) {
            for (Refusal reason : OF_THE_SUBJECT) {
                assertThat(subject.next(reason)).isNotEmpty().doesNotContain("scc show", "scc list", "scc delete");
            }
        }
    }

    @Test
    void everyCommandThatANextStepNamesIsOne() {
        CommandLine commands = Commands.line(new Session(new GlobalOptions(), System.out, System.err));
        for (Subject subject : Subject.values()) {
            for (Refusal reason : Refusal.values()) {
                Arrays.stream(subject.next(reason).split("(?=\\bscc )", -1))
                        .filter(part -> part.startsWith("scc "))
                        .forEach(part -> {
                            String word = part.split("[ ,;:]", -1)[1];
                            assertThat(commands.getSubcommands()).containsKey(word);
                        });
            }
        }
    }
}
