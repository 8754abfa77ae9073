package dev.scc.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A signal that the ranks of a job can be sent, with its number on Linux (signal(7)). */
public enum RankSignal {
    HUP(1),
    INT(2),
    QUIT(3),
    KILL(9),
    USR1(10),
    USR2(12),
    TERM(15),
    CONT(18),
    STOP(19);

    private final int number;

    RankSignal(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /**
     * Reads {@code USR1}, {@code SIGUSR1} or {@code 10}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static RankSignal parse(String text) {
        String name = text.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
        return Arrays.stream(values())
                .filter(signal -> signal.name().equals(name)
                        || Integer.toString(signal.number).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is none of "
                        + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return "SIG" + name();
    }
}
