package dev.scc.simulation.mutants;

import dev.scc.simulation.SeedJudge;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process that judges mutants, one after the other. It is told by lines of fields with tabs between them what to do, and
 * answers by lines: {@code begin JUDGE} before each judge, {@code lines JUDGE MILLIS LINE…} after it, at last {@code done
 * VERDICT}.
 */
public final class Court {
    private final PrintStream answers;

    private Court(PrintStream answers) {
        this.answers = answers;
    }

    /** @param args none to judge mutants, or the packages whose lines are counted */
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
            court.obey(List.of(line.split("\t", -1)), args.length > 0);
        }
        System.exit(0);
    }

    /** @param order class, method, number of the element, operator; then the judges. The class is empty if nothing is changed */
    private void obey(List<String> order, boolean counting) {
        List<String> judges = order.subList(4, order.size()).stream()
                .filter(judge -> !judge.isEmpty())
                .toList();
        String type = order.getFirst();
        if (type.isEmpty()) {
            answers.println("done " + judged(judges, counting).orElse(""));
            return;
        }
        Mutant mutant =
                new Mutant(type, order.get(1), Integer.parseInt(order.get(2)), Operator.valueOf(order.get(3)), "", 0);
        String verdict;
        try {
            Loaded.replace(type, ClassSurgery.with(mutant));
            verdict = judged(judges, counting).orElse("");
        } catch (LinkageError | RuntimeException e) {
            verdict = "Java " + e;
        }
        Loaded.replace(type, ClassSurgery.read(type));
        answers.println("done " + verdict.lines().findFirst().orElse(""));
    }

    private Optional<String> judged(List<String> judges, boolean counting) {
        for (String judge : judges) {
            answers.println("begin " + judge);
            long start = System.nanoTime();
            Optional<String> why = verdict(judge);
            if (counting) {
                long millis = (System.nanoTime() - start) / 1_000_000;
                answers.println(Stream.concat(Stream.of("lines", judge, Long.toString(millis)), Lines.taken().stream())
                        .collect(java.util.stream.Collectors.joining(" ")));
            }
            if (why.isPresent()) {
                return Optional.of(judge + " " + why.get());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> verdict(String judge) {
        try {
            return judge.startsWith("seed-")
                    ? SeedJudge.verdict(Long.parseLong(judge.substring(5)))
                    : UnitTests.verdict(judge);
        } catch (StackOverflowError | LinkageError | AssertionError e) {
            return Optional.of(e.toString());
        }
    }
}
