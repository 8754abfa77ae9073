package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is found out of a path is what the path is like. */
class PathSearchTest {
    private static final int CASES = 500;

    /** Carries packets up to a size; of some it loses one in so many. */
    private static PathSearch.Exchange path(int carries, Random random, int oneLostIn) {
        return (sizes, _) -> new PathSearch.Round(
                sizes.stream()
                        .filter(size -> size <= carries && (oneLostIn == 0 || random.nextInt(oneLostIn) > 0))
                        .toList(),
                false);
    }

    @Test
    void theLargestSizeThatPassesIsFoundToTheByte() throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int full = 576 + random.nextInt(9000);
            int carries = PathSearch.SMALLEST + random.nextInt(full);

            PathOutcome outcome = new PathSearch(path(carries, random, 0), full).run();

            assertThat(outcome)
                    .as("seed %d", seed)
                    .isEqualTo(carries >= full ? new PathOutcome.Passed(full) : new PathOutcome.Narrow(full, carries));
        }
    }

    @Test
    void aPacketThatIsLostNowAndThenSaysNothing() throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);

            assertThat(new PathSearch(path(1450, random, 5), 1450).run())
                    .as("seed %d", seed)
                    .isEqualTo(new PathOutcome.Passed(1450));
        }
    }

    @Test
    void oneOfFullSizeIsNotEnough() throws Exception {
        int[] sent = new int[1];
        // As a kernel that splits the first, and has learnt then.
        PathSearch.Exchange learning = (sizes, _) -> new PathSearch.Round(
                sizes.stream().filter(size -> size <= 1400 || sent[0]++ == 0).toList(), false);

        assertThat(new PathSearch(learning, 1450).run()).isEqualTo(new PathOutcome.Narrow(1450, 1400));
    }

    @Test
    void whatIsHeardOfTheOtherSideIsTold() throws Exception {
        assertThat(new PathSearch((_, _) -> new PathSearch.Round(List.of(), true), 1450).run())
                .isEqualTo(new PathOutcome.Silent(true));
    }

    @Test
    void whoCannotSendSaysWhy() throws Exception {
        PathSearch.Exchange refusing = (_, _) -> {
            throw new IOException("send: Operation not permitted");
        };

        assertThat(new PathSearch(refusing, 1450).run())
                .isEqualTo(new PathOutcome.Unable("send: Operation not permitted"));
    }
}
