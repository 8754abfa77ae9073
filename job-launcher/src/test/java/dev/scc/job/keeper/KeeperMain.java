package dev.scc.job.keeper;

import java.nio.file.Path;

/** What {@code scc keeper} is, for tests of a module that has no command line. */
final class KeeperMain {
    private KeeperMain() {}

    public static void main(String[] args) throws Exception {
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            main.interrupt();
            try {
                main.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (KeeperProcess keeper = KeeperProcess.start(Path.of(args[0]))) {
            keeper.awaitUnwanted();
        } catch (InterruptedException e) {
            // Told to end, which is how it ends well.
        }
    }
}
