package dev.scc.cli.daemon;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import dev.scc.host.Visible;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * How an event is written: {@code 16:26:53.074 WARN  Logger: message key="value"}, and a stack trace on indented lines. What nodes
 * and people have supplied cannot end a line or a value, or do anything to the terminal that shows it.
 */
final class LogLines extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int LEVEL_WIDTH = 5;

    @Override
    public String doLayout(ILoggingEvent event) {
        String level = event.getLevel().toString();
        String logger = event.getLoggerName();
        StringBuilder text = new StringBuilder(160)
                .append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
                .append(' ')
                .append(level)
                .repeat(' ', Math.max(0, LEVEL_WIDTH - level.length()) + 1)
                .append(logger, logger.lastIndexOf('.') + 1, logger.length())
                .append(": ")
                .append(Visible.line(event.getFormattedMessage()));
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                text.append(' ').append(Visible.line(pair.key)).append("=\"");
                text.append(Visible.line(String.valueOf(pair.value)).replace("\"", "\\\""));
                text.append('"');
            }
        }
        text.append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            ThrowableProxyUtil.asString(thrown)
                    .lines()
                    .forEach(line -> text.append("  ")
                            .append(Visible.line(line.stripTrailing().replace("\t", "  ")))
                            .append('\n'));
        }
        return text.toString();
    }
}
