package dev.scc.cli.acceptance;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A terminal of 30 rows and 100 columns that a shell script has, and that somebody types at. */
final class OuterTerminal {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private OuterTerminal() {}

    /** What the script wrote, and its exit status. What is typed waits until somebody reads it. */
    static CommandResult run(Path scratch, Map<String, String> environment, String script, String typed)
            throws IOException, CommandFailed {
        ByteArrayOutputStream order = new ByteArrayOutputStream();
        for (String text : List.of(scratch.toString(), "3", "bash", "-c", script)) {
            put(order, text);
        }
        System.getenv().forEach((name, value) -> put(order, name + "=" + value));
        environment.forEach((name, value) -> put(order, name + "=" + value));
        Path file = Files.write(scratch.resolve("order"), order.toByteArray());
        byte[] keys = typed.getBytes(StandardCharsets.UTF_8);
        String frame = new String(
                ByteBuffer.allocate(3 + keys.length)
                        .put((byte) 'i')
                        .putShort((short) keys.length)
                        .put(keys)
                        .array(),
                StandardCharsets.ISO_8859_1);
        return new LocalCommands()
                .run(Command.of(
                                Scc.root()
                                        .resolve("tools/cli/target/dist/native/scc-exec")
                                        .toString(),
                                "-t",
                                "30x100",
                                "-r",
                                scratch.resolve("report").toString(),
                                "-o",
                                file.toString())
                        .withInput(frame)
                        .within(LONGEST));
    }

    private static void put(ByteArrayOutputStream bytes, String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
    }
}
