package dev.scc.job.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FileTransferTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final BlockingQueue<Occurrence> occurrences = new LinkedBlockingQueue<>();
    private final AtomicLong moved = new AtomicLong();
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private FileTransfer transfer(Duration patience) {
        return new FileTransfer(
                occurrences,
                each -> each instanceof Occurrence.Cancelled why ? Optional.of(why.why()) : Optional.empty(),
                moved::get,
                patience);
    }

    private int waitForEver() throws InterruptedException {
        try {
            new CountDownLatch(1).await();
            return 0;
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    @Test
    void whatIsDoneIsAnsweredAtOnceWhateverElseHappens() throws InterruptedException {
        occurrences.add(new Occurrence.GraceOver());

        assertThat(transfer(LONG).await(() -> 7)).isEqualTo(new FileTransfer.Result.Done<>(7));
    }

    /** Class of hole: a wait that nobody can end. */
    @Test
    void aCancelEndsTheWaitAndTheWork() throws InterruptedException {
        occurrences.add(new Occurrence.Cancelled("somebody wants it"));

        assertThat(transfer(LONG).await(this::waitForEver))
                .isEqualTo(new FileTransfer.Result.GivenUp<>("somebody wants it"));
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatDoesNotMoveIsGivenUp() throws InterruptedException {
        assertThat(transfer(Duration.ofMillis(20)).await(this::waitForEver))
                .isEqualTo(new FileTransfer.Result.GivenUp<>("nothing of it has moved for 0 s"));
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDefectOfTheWorkIsNotSwallowed() {
        assertThatThrownBy(() -> transfer(LONG).await(() -> {
                    throw new StackOverflowError("of a pattern");
                }))
                .isInstanceOf(StackOverflowError.class);
    }
}
