package dev.scc.cluster.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class ReactorTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final CompletableFuture<Throwable> death = new CompletableFuture<>();

    private Reactor reactor(Pass pass) {
        return new Reactor("test", pass, Thread.ofPlatform(), Duration.ZERO, death::complete);
    }

    @Test
    void errorInAPassIsToldForTheProcessToEnd() throws Exception {
        OutOfMemoryError error = new OutOfMemoryError("by the test");
        try (Reactor reactor = reactor(() -> {
            throw error;
        })) {
            reactor.start();

            assertThat(death.get(30, TimeUnit.SECONDS)).isSameAs(error);
        }
    }

    @Test
    void interruptThatDoesNotCloseItEndsNothing() {
        AtomicInteger passes = new AtomicInteger();
        try (Reactor reactor = reactor(() -> {
            if (passes.incrementAndGet() == 1) {
                throw new InterruptedException("by the test");
            }
            if (passes.get() == 2) {
                // Meets the wait that follows.
                Thread.currentThread().interrupt();
            }
            return NEVER;
        })) {
            reactor.start();

            await().until(() -> passes.get() == 3);
            reactor.signal();
            await().until(() -> passes.get() == 4);
            assertThat(death).isNotDone();
        }
    }

    @Test
    void closingInterruptsAPassThatIsUnderWay() {
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        AtomicInteger passes = new AtomicInteger();
        Reactor reactor = reactor(() -> {
            passes.incrementAndGet();
            begun.complete(true);
            new java.util.concurrent.CountDownLatch(1).await();
            return NEVER;
        });
        reactor.start();
        begun.join();

        reactor.close();

        assertThat(passes).hasValue(1);
        assertThat(death).isNotDone();
    }
}
