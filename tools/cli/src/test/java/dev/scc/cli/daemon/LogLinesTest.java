package dev.scc.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** Log injection: forged lines, forged values, terminal escapes. */
class LogLinesTest {
    private final Logger logger = new LoggerContext().getLogger("dev.scc.Some");

    private String line(String message, String value) {
        LoggingEvent event = new LoggingEvent("x", logger, Level.WARN, message, null, null);
        event.addKeyValuePair(new KeyValuePair("why", value));
        return new LogLines().doLayout(event);
    }

    @Test
    void factsFollowTheMessage() {
        assertThat(line("step failed", "no memory")).matches("[0-9:.]{12} WARN  Some: step failed why=\"no memory\"\n");
    }

    /** Class of hole: log injection. */
    @Test
    void noValueEndsItsLineOrItselfOrControlsATerminal() {
        String forged = "x\" node=\"n2\n12:00:00.000 INFO  Some: all is well\u001b[2J\u202e";

        assertThat(line("step failed", forged))
                .endsWith("why=\"x\\\" node=\\\"n2\\u000a12:00:00.000 INFO  Some: all is well\\u001b[2J\\u202e\"\n")
                .hasLineCount(1);
    }

    @Test
    void noMessageOfAnExceptionLooksLikeAnEvent() {
        LoggingEvent event = new LoggingEvent(
                "x",
                logger,
                Level.ERROR,
                "pass failed",
                new IllegalStateException("a\n12:00:00.000 INFO  Some: b\u009b"),
                null);

        assertThat(new LogLines().doLayout(event).lines().skip(1))
                .allSatisfy(line -> assertThat(line).startsWith("  ").doesNotContain("\u009b"));
    }
}
