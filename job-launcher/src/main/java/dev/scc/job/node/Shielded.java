package dev.scc.job.node;

/** Clean-up that has to run to its end though the thread that wants it is interrupted, because its caller is gone. */
public final class Shielded {
    private Shielded() {}

    /** Something that waits. */
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    /** Runs it on a thread of its own, which nobody interrupts, and waits for it. An interrupt meanwhile is kept for later. */
    public static void run(String name, Work work) {
        Thread worker = Thread.ofVirtual().name(name).start(() -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        boolean interrupted = Thread.interrupted();
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
