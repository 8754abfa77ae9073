package dev.scc.simulation.mutants;

import dev.scc.simulation.SeedJudge;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A process in which judges judge. It is told by lines of fields with tabs between them what to do, and answers by lines:
 *
 * <table>
 * <caption>Orders and answers</caption>
 * <tr><td>{@code cover TEST-CLASS|SEED…}</td><td>{@code lines JUDGE MILLIS LINE…} for each seed or test method</td></tr>
 * <tr><td>{@code judge TYPE METHOD ELEMENT OPERATOR JUDGE…}</td><td>{@code begin JUDGE} for each, until one objects</td></tr>
 * <tr><td>{@code check JUDGE…}</td><td>the same, of what is not changed</td></tr>
 * </table>
 *
 * At last, each time, {@code done} and what the last judge objects to, which is nothing if nobody does; or {@code failed} if
 * the order cannot be obeyed.
 */
public final class Court {
    private final PrintStream answers;

    private Court(PrintStream answers) {
        this.answers = answers;
    }

    /** @param args none to judge, or the packages whose lines are counted */
    public static void main(String[] args) throws IOException {
        Court court = new Court(System.out);
        // What tests and what they test have to say is not for whoever reads the answers.
        System.setOut(System.err);
        if (args.length > 0) {
            List<String> packages = List.of(args);
            Loaded.countLines(type -> packages.stream().anyMatch(name -> Scope.inside(type, name)));
        }
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            court.obey(List.of(line.split("\t", -1)));
        }
        System.exit(0);
    }

    private void obey(List<String> order) {
        try {
            Optional<String> objection = switch (order.getFirst()) {
                case "cover" -> cover(order.subList(1, order.size()));
                case "judge" -> mutant(order);
                case "check" -> objection(order.subList(1, order.size()));
                default -> throw new IllegalArgumentException(order.toString());
            };
            answers.println("done\t" + objection.map(Court::line).orElse(""));
        } catch (LinkageError | RuntimeException e) {
            answers.println("failed\t" + line(e.toString()));
        }
    }

    private static String line(String text) {
        return text.lines().findFirst().orElse("?").replace('\t', ' ');
    }

    private Optional<String> mutant(List<String> order) {
        String type = order.get(1);
        Mutant mutant =
                new Mutant(type, order.get(2), Integer.parseInt(order.get(3)), Operator.valueOf(order.get(4)), "", 0);
        Loaded.replace(type, ClassSurgery.with(mutant));
        try {
            return objection(order.subList(5, order.size()));
        } finally {
            Loaded.replace(type, ClassSurgery.read(type));
        }
    }

    private Optional<String> objection(List<String> judges) {
        for (String judge : judges) {
            answers.println("begin\t" + judge);
            Optional<String> why = verdict(Judge.named(judge));
            if (why.isPresent()) {
                return why;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> verdict(Judge judge) {
        try {
            return judge.isSeed() ? SeedJudge.verdict(judge.seed()) : UnitTests.verdict(judge.name());
        } catch (StackOverflowError | LinkageError | AssertionError e) {
            return Optional.of(e.toString());
        }
    }

    private Optional<String> cover(List<String> judges) {
        for (String name : judges) {
            Judge judge = Judge.named(name);
            answers.println("begin\t" + name);
            long start = System.nanoTime();
            Optional<String> why;
            if (judge.isSeed()) {
                why = verdict(judge);
                tell(name, (System.nanoTime() - start) / 1_000_000, Lines.taken());
            } else {
                why = UnitTests.cover(name, this::tell);
            }
            if (why.isPresent()) {
                return why.map(reason -> name + ": " + reason);
            }
        }
        return Optional.empty();
    }

    private void tell(String judge, long millis, Collection<String> lines) {
        answers.println("lines\t" + judge + "\t" + millis + "\t" + String.join("\t", lines));
    }
}
