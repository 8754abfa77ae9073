package dev.scc.job.node;

import dev.scc.job.Tasks;

/** Clean-up that has to run to its end though the thread that wants it is interrupted, because its caller is gone. */
public final class Shielded {
    private Shielded() {}

    /** Something that waits. */
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    /** Runs it on a thread of its own, which nobody interrupts, and waits for it. An interrupt meanwhile is kept for later. */
    public static void run(Tasks tasks, String name, Work work) {
        Tasks.Latch done = tasks.latch();
        tasks.start(name, () -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                tasks.current().interrupt();
            } finally {
                done.open();
            }
        });
        boolean interrupted = false;
        while (!done.isOpen()) {
            try {
                done.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            tasks.current().interrupt();
        }
    }
}
