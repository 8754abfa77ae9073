package dev.scc.job.pmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ranks say to the PMI-1 server, mutated from a seed: {@code -Dscc.fuzz=N} for N conversations, {@code -Dscc.seed}. */
@Timeout(240)
class PmiFuzzTest {
    private static final List<String> SAID = List.of(
            "cmd=initack pmiid=0",
            "cmd=init pmi_version=1 pmi_subversion=1",
            "cmd=get_maxes",
            "cmd=get_appnum",
            "cmd=get_my_kvsname",
            "cmd=put kvsname=job key=P0-businesscard value=description#host$port#4711$ a=b",
            "cmd=get kvsname=job key=PMI_process_mapping",
            "cmd=barrier_in",
            "mcmd=spawn",
            "endcmd",
            "cmd=abort exitcode=3 error_msg=because of this",
            "cmd=finalize");

    @Test
    void whateverARankSaysIsAnsweredOrBreaksItsConnection() {
        long seed = Long.getLong("scc.seed", 1);
        Random random = new Random(seed);
        for (int conversation = 0; conversation < Integer.getInteger("scc.fuzz", 20_000); conversation++) {
            List<String> answers = new ArrayList<>();
            PmiServer server = new PmiServer("job", 1, "(vector,(0,1,1))", new PmiServer.Listener() {
                @Override
                public void arrived(int rank) {
                    assertThat(rank).isZero();
                }

                @Override
                public void aborted(PmiServer.Abort abort) {
                    assertThat(abort.rank()).isZero();
                }
            });
            PmiSession session = server.connect(Set.of(0), new PmiPeer() {
                @Override
                public void send(String line) {
                    answers.add(line);
                }

                @Override
                public void drop(String why) {
                    answers.add("dropped");
                }
            });
            String what = "seed " + seed + ", conversation " + conversation;
            for (String line : SAID) {
                String mutated = random.nextInt(3) == 0 ? mutate(line, random) : line;
                assertThatCode(() -> session.receive(mutated))
                        .as(what + ": " + mutated)
                        .doesNotThrowAnyException();
            }
            assertThat(answers).as(what).hasSizeLessThan(8 * SAID.size()).noneMatch(line -> line.contains("\n"));
        }
    }

    private static String mutate(String line, Random random) {
        StringBuilder text = new StringBuilder(line);
        for (int change = random.nextInt(4); change >= 0; change--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(5)) {
                case 0 -> text.setLength(at);
                case 1 -> text.insert(at, (char) random.nextInt(0x250));
                case 2 -> text.insert(at, text.substring(0, at));
                case 3 -> text.insert(at, Long.toString(random.nextLong()));
                default -> text.insert(at, "= ".charAt(random.nextInt(2)));
            }
        }
        return text.toString();
    }
}
