package dev.scc.simulation.mutants;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** What {@code tools/simulation/mutants} is asked for; its first lines say what each option means. Built step by step by one thread. */
final class Options {
    private int count = 300;
    private long seed = 1;
    private int from = 1;
    private int to = Integer.MAX_VALUE;
    private String only = "";
    private int seeds = 300;
    private boolean quick;
    private Duration within = Duration.ofSeconds(30);
    private int jobs = Runtime.getRuntime().availableProcessors();
    private boolean all;
    private boolean list;
    private double reach = 90;

    private Options() {}

    /** @throws IllegalArgumentException if they cannot be understood; the message says which */
    static Options parse(List<String> args) {
        Options options = new Options();
        for (Iterator<String> left = args.iterator(); left.hasNext(); ) {
            options.take(left.next(), left);
        }
        return options;
    }

    private void take(String option, Iterator<String> left) {
        switch (option) {
            case "--count" -> count = (int) number(option, left);
            case "--seed" -> seed = number(option, left);
            case "--only" -> only = value(option, left);
            case "--seeds" -> seeds = (int) number(option, left);
            case "--quick" -> quick = true;
            case "--within" -> within = Duration.ofSeconds(number(option, left));
            case "--range" -> range(value(option, left));
            case "--all" -> all = true;
            case "--list" -> list = true;
            case "--reach" -> reach = number(option, left);
            case "--jobs" -> jobs = (int) Math.max(1, number(option, left));
            default -> throw new IllegalArgumentException("what is \"" + option + "\"?");
        }
    }

    private void range(String text) {
        if (!text.matches("[1-9][0-9]{0,8}\\.\\.[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("--range is FROM..TO, from 1, not \"" + text + "\"");
        }
        from = Integer.parseInt(text.substring(0, text.indexOf('.')));
        to = Integer.parseInt(text.substring(text.lastIndexOf('.') + 1));
    }

    private static String value(String option, Iterator<String> left) {
        if (!left.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return left.next();
    }

    private static long number(String option, Iterator<String> left) {
        String text = value(option, left);
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(option + " is a number, not \"" + text + "\"");
        }
        return Long.parseLong(text);
    }

    /** @param kept directory of what is known of the judges */
    Trial.Wish wish(Path kept) {
        return new Trial.Wish(count, seed, from, to, only, seeds, !quick, within, jobs, all, kept);
    }

    boolean list() {
        return list;
    }

    /** How many of a hundred have to die. */
    double reach() {
        return reach;
    }
}
