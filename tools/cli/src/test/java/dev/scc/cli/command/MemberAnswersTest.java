package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemberAnswersTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static List<Member> members(int count) {
        Ipv4 any = Ipv4.parse("10.0.0.1");
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Member(new NodeName("n" + i), any, "10.0.0.1:7070", any, any, "", "eth0"))
                .toList();
    }

    @Test
    void allAreAskedAndAnswersAreInTheOrderOfTheMembers() throws Exception {
        MemberAnswers<String> answers = MemberAnswers.of(members(40), LONG, member -> "of " + member.node());

        assertThat(answers.silent()).isEmpty();
        assertThat(answers.answers().values())
                .hasSize(40)
                .startsWith("of n1", "of n2")
                .endsWith("of n40");
    }

    @Test
    void whoFailsIsNamedWithTheReasonAndTheOthersCount() throws Exception {
        MemberAnswers<Integer> answers = MemberAnswers.of(members(3), LONG, member -> {
            if (member.node().value().equals("n2")) {
                throw new RpcFailed(RpcFailed.Kind.UNREACHABLE, "nobody listens");
            }
            return 1;
        });

        assertThat(answers.answers()).containsOnlyKeys(new NodeName("n1"), new NodeName("n3"));
        assertThat(answers.reasons()).isEqualTo("n2 (nobody listens)");
    }

    @Test
    void whoHangsKeepsTheOthersBackUntilTheDeadlineOnly() throws Exception {
        CountDownLatch never = new CountDownLatch(1);

        MemberAnswers<Integer> answers = MemberAnswers.of(members(3), Duration.ofSeconds(2), member -> {
            if (member.node().value().equals("n1")) {
                never.await();
            }
            return 1;
        });

        assertThat(answers.answers()).containsOnlyKeys(new NodeName("n2"), new NodeName("n3"));
        assertThat(answers.reasons()).isEqualTo("n1 (no answer within 2 s)");
    }

    @Test
    void noMoreThanSixteenAreAskedAtOnce() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch sixteen = new CountDownLatch(16);

        MemberAnswers<Integer> answers = MemberAnswers.of(members(64), LONG, member -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            sixteen.countDown();
            sixteen.await();
            now.decrementAndGet();
            return 1;
        });

        assertThat(answers.answers()).hasSize(64);
        assertThat(most).hasValue(16);
    }

    @Test
    void aDefectOfOursIsNoAnswerOfTheirs() {
        assertThatThrownBy(() -> MemberAnswers.of(members(1), LONG, member -> {
                    throw new IllegalArgumentException("a defect");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("a defect");
    }
}
