package dev.scc.testbed;

/** While open, the end of the JVM ends a process; so does closing. */
final class EndOnExit implements AutoCloseable {
    private final Process process;
    private final Thread hook;

    EndOnExit(Process process) {
        this.process = process;
        this.hook = new Thread(process::destroy, "testbed-end");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already.
            process.destroy();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending and the hook has run, or runs now.
        }
    }
}
