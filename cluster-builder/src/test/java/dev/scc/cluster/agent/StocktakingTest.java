package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StocktakingTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SOONEST = Duration.ofSeconds(20);
    private static final Duration LATEST = Duration.ofSeconds(30);

    private final AtomicInteger looks = new AtomicInteger();

    private Stocktaking of(String node) {
        return new Stocktaking(
                () -> NodeInventory.of("look " + looks.incrementAndGet(), 1, 1, List.of(), List.of()),
                new NodeName(node));
    }

    @Test
    void whatWasSeenIsBelievedUntilItIsTime() throws Exception {
        Stocktaking stock = of("n1");
        assertThat(stock.due(START)).isTrue();
        assertThat(stock.take(START).kernel()).isEqualTo("look 1");
        assertThat(stock.due(START)).isFalse();
        Duration pause = stock.pause(START);

        Instant before = START.plus(pause).minusMillis(1);
        assertThat(stock.take(before).kernel()).isEqualTo("look 1");
        assertThat(stock.pause(before)).isEqualTo(Duration.ofMillis(1));

        Instant due = START.plus(pause);
        assertThat(stock.last().kernel()).isEqualTo("look 1");
        assertThat(stock.pause(due)).isZero();
        assertThat(stock.take(due).kernel()).isEqualTo("look 2");
    }

    @Test
    void whatIsSeenBetweenTwoLooksIsReportedIfItIsNews() throws Exception {
        Stocktaking changing = of("n1");
        changing.take(START);
        assertThat(changing.now(START).kernel()).isEqualTo("look 2");
        assertThat(changing.due(START)).isTrue();

        Stocktaking same =
                new Stocktaking(() -> NodeInventory.of("6.1", 1, 1, List.of(), List.of()), new NodeName("n1"));
        same.take(START);
        same.now(START);
        assertThat(same.due(START)).isFalse();
    }

    @Test
    void nodesThatBeginTogetherDoNotLookTogether() throws Exception {
        List<Long> seconds = new ArrayList<>();
        for (int number = 1; number <= 4000; number++) {
            Stocktaking stock = of("n" + number);
            stock.take(START);
            Duration pause = stock.pause(START);
            assertThat(pause).isBetween(SOONEST, LATEST);
            seconds.add(pause.toSeconds());
        }
        for (long second = SOONEST.toSeconds(); second < LATEST.toSeconds(); second++) {
            long moment = second;
            assertThat(seconds.stream().filter(other -> other == moment).count())
                    .as("nodes that look after %d s", second)
                    .isBetween(300L, 500L);
        }
    }

    @Test
    void aClockThatWasSetBackDoesNotHideWhatTheNodeHas() throws Exception {
        Stocktaking stock = of("n1");
        stock.take(START);

        Instant yesterday = START.minus(Duration.ofDays(1));
        assertThat(stock.due(yesterday)).isTrue();
        assertThat(stock.take(yesterday).kernel()).isEqualTo("look 2");
        assertThat(stock.pause(yesterday)).isBetween(SOONEST, LATEST);
    }
}
