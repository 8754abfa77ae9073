package dev.scc.cli.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;

/**
 * How the daemons log: one line per event on standard error, facts as key-values. In Java because reading an XML file
 * takes a node longer than all else that the agent does before its first pass. {@code SCC_LOG=debug} says more.
 */
public final class DaemonLogging extends ContextAwareBase implements Configurator {
    private static final List<String> TALKATIVE = List.of(
            "org.apache.zookeeper",
            "org.apache.curator",
            "io.grpc",
            "io.netty",
            "com.ibm.disni",
            "com.tngtech.archunit");

    /** These warn, with stack traces, of every server and client that is away; where it matters, we say so ourselves. */
    private static final List<String> WORRIED = List.of(
            "org.apache.zookeeper.ClientCnxn",
            "org.apache.zookeeper.server.NIOServerCnxn",
            "org.apache.zookeeper.server.ServerCnxnFactory",
            "org.apache.zookeeper.server.quorum");

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        LogLines lines = new LogLines();
        lines.setContext(context);
        lines.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(lines);
        encoder.start();

        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getenv("SCC_LOG"), Level.INFO));
        root.addAppender(appender);
        TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        WORRIED.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
