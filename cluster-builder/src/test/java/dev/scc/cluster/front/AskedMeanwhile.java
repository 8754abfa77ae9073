package dev.scc.cluster.front;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Several callers who ask while a reading for another one is under way. */
final class AskedMeanwhile {
    /** What a tree does when it is told to catch up. */
    interface Blocking {
        void run() throws InterruptedException;
    }

    private AskedMeanwhile() {}

    /**
     * Returns when all have been served.
     *
     * @param onSync sets what the tree does, each time, when it is told to catch up
     * @param ask begins to ask
     */
    static void ofThree(Consumer<Blocking> onSync, Supplier<Thread> ask) throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        onSync.accept(() -> {
            reading.countDown();
            goOn.await();
        });
        Thread first = ask.get();
        reading.await();
        List<Thread> others = List.of(ask.get(), ask.get(), ask.get());
        for (Thread other : others) {
            while (other.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        goOn.countDown();
        first.join();
        for (Thread other : others) {
            other.join();
        }
    }
}
