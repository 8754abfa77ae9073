package dev.scc.testbed;

import dev.scc.host.ProcessId;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts processes that outlive this one: in a session of their own, out of reach of its terminal and its signals. */
final class Detached {
    private static final File NULL = new File("/dev/null");

    private Detached() {}

    /**
     * Starts {@code argv} behind the words {@code enter}; both only replace themselves, so the process number stays.
     *
     * @param log gets both its output streams
     * @return empty if it has ended already
     */
    static Optional<ProcessId> start(List<String> enter, List<String> argv, Path log) throws IOException {
        List<String> whole =
                Stream.of(enter, List.of("setsid"), argv).flatMap(List::stream).toList();
        Process process = new ProcessBuilder(whole)
                .directory(new File("/"))
                .redirectInput(NULL)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return ProcessId.of(process.pid());
    }
}
