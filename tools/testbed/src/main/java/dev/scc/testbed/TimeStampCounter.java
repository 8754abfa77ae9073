package dev.scc.testbed;

import dev.scc.host.NativeFiles;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.util.regex.Pattern;

/**
 * What an emulated guest is told of its time stamp counter, which is the host's.
 *
 * <p>Left to itself, a guest measures the counter against its timers while it boots. If QEMU is kept from running meanwhile,
 * the figure is wrong (a guest's clock was seen to run 25 times too fast), and nothing in the guest notices.
 */
final class TimeStampCounter {
    private static final String PROGRAM = "tsc-khz";
    private static final Pattern KHZ = Pattern.compile("[1-9][0-9]{4,8}");

    private TimeStampCounter() {}

    /** Kernel parameters, with a space before each: as steady as the host's clock, and of this frequency if it is known. */
    static String parameters() throws InterruptedException {
        return parameters(measured());
    }

    /** @param khz what was measured; anything that is no such figure is left out, and the guest measures for itself */
    static String parameters(String khz) {
        return " no_timer_check tsc=reliable" + (KHZ.matcher(khz).matches() ? " tsc_early_khz=" + khz : "");
    }

    private static String measured() throws InterruptedException {
        try {
            return new LocalCommands()
                    .run(Command.of(NativeFiles.find(PROGRAM).toString()))
                    .output()
                    .strip();
        } catch (CommandFailed e) {
            return "";
        }
    }
}
