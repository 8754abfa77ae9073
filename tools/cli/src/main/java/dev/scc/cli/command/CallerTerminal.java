package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.host.TerminalSize;
import dev.scc.host.libc.LibcFailed;
import dev.scc.host.libc.OwnSignals;
import dev.scc.host.libc.OwnTerminal;
import dev.scc.host.libc.ProcessDescriptor;
import dev.scc.job.JobEvent;
import dev.scc.job.RankSignal;
import dev.scc.job.client.ForwardingSink;
import dev.scc.job.client.OutputSink;
import dev.scc.job.client.Supply;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The terminal of this command, as a job's one rank gets it. It is raw from the moment that the job starts until it is over,
 * this command ends, or is stopped by a signal; until then Ctrl-C is for this command.
 */
final class CallerTerminal implements Supply.Window, AutoCloseable {
    private static final String TYPE = "TERM";

    private final OwnTerminal terminal;
    private final CountDownLatch lent = new CountDownLatch(1);
    private final OwnSignals signals = new OwnSignals();
    private final Thread atEnd = Thread.ofPlatform().name("terminal").unstarted(this::restore);
    private volatile Consumer<TerminalSize> ear = _ -> {};
    private boolean over;

    private CallerTerminal(OwnTerminal terminal) {
        this.terminal = terminal;
    }

    /**
     * That of standard input.
     *
     * @param what it is for
     * @throws Failure if it is none
     */
    static CallerTerminal of(String what) throws Failure {
        try {
            return new CallerTerminal(OwnTerminal.input());
        } catch (LibcFailed e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    new Problem(
                            what,
                            "",
                            "",
                            "standard input is no terminal, and the job is to have one",
                            "nothing was started",
                            "start it from a terminal; scc run without --tty reads a file or a pipe"));
        }
    }

    TerminalSize size() {
        OwnTerminal.Window window = terminal.window();
        return window.rows() == 0 || window.columns() == 0
                ? TerminalSize.usual()
                : new TerminalSize(window.rows(), window.columns());
    }

    /** These variables and the kind of terminal that this is, unless they name one. */
    Map<String, String> environment(Map<String, String> wanted) {
        Map<String, String> environment = new HashMap<>(wanted);
        environment.putIfAbsent(TYPE, System.getenv().getOrDefault(TYPE, "dumb"));
        return environment;
    }

    /** What is typed, once the job has started. */
    InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                await();
                return System.in.read();
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                await();
                return System.in.read(bytes, from, length);
            }
        };
    }

    private void await() throws IOException {
        try {
            lent.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the job started", e);
        }
    }

    /** The terminal is the job's from its start on. */
    OutputSink before(OutputSink sink) {
        return new ForwardingSink(sink) {
            @Override
            public void started(JobEvent.Started started) {
                super.started(started);
                lend();
            }
        };
    }

    private void lend() {
        Runtime.getRuntime().addShutdownHook(atEnd);
        raw();
        lent.countDown();
        ear.accept(size()); // It may be another than when the job was asked for.
    }

    private synchronized void raw() {
        if (!over) {
            try {
                terminal.raw();
            } catch (LibcFailed e) {
                over = true; // Hung up: SIGHUP ends this command.
            }
        }
    }

    private synchronized void restore() {
        over = true;
        terminal.restore();
    }

    /** A stop (SIGTSTP from elsewhere; Ctrl-Z is the job's) gives the terminal back until this command goes on. */
    @Override
    public void onResize(Consumer<TerminalSize> hearing) {
        ear = hearing;
        signals.on("WINCH", _ -> {
            if (lent.getCount() == 0) {
                hearing.accept(size());
            }
        });
        signals.on("TSTP", _ -> stop());
        signals.on("CONT", _ -> {
            if (lent.getCount() == 0) {
                raw();
                hearing.accept(size());
            }
        });
    }

    private synchronized void stop() {
        terminal.restore();
        try (ProcessDescriptor self =
                ProcessDescriptor.open(ProcessHandle.current().pid())) {
            self.send(RankSignal.STOP.number());
        } catch (LibcFailed e) {
            raw();
        }
    }

    @Override
    public void close() {
        signals.close();
        if (lent.getCount() == 0) {
            restore();
            try {
                Runtime.getRuntime().removeShutdownHook(atEnd);
            } catch (IllegalStateException e) {
                // It runs already.
            }
        }
    }
}
