package dev.scc.cli.render;

import dev.scc.cluster.view.VerifyView;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The pairs of a verification as rows and columns, one of each for a node, or for a run of nodes where there are more than fit:
 * then a cell shows the worst of its pairs.
 *
 * @param labels of the rows and columns, in order
 * @param cells by row and column; symmetric
 * @param usual the median of the pairs that passed; 0 if none did
 */
public record PairMatrix(List<String> labels, List<List<Cell>> cells, double usual) {
    public PairMatrix {
        labels = List.copyOf(labels);
        cells = cells.stream().map(List::copyOf).toList();
    }

    /** What one place shows. */
    public sealed interface Cell {
        /** Nothing was probed there. */
        record Empty() implements Cell {}

        /** All pairs passed; {@code worst} is the figure of the worst of them. */
        record Passed(double worst) implements Cell {}

        /** At least one failed. */
        record Failed() implements Cell {}
    }

    /** Which figure is shown. */
    public enum Figure {
        LATENCY("latency, us", true),
        WRITE("write bandwidth, MB/s", false),
        READ("read bandwidth, MB/s", false);

        private final String title;
        private final boolean lessIsBetter;

        Figure(String title, boolean lessIsBetter) {
            this.title = title;
            this.lessIsBetter = lessIsBetter;
        }

        public String title() {
            return title;
        }

        public double of(VerifyView.Pair pair) {
            return switch (this) {
                case LATENCY -> pair.latencyMicros().p50();
                case WRITE -> pair.writeMBps();
                case READ -> pair.readMBps();
            };
        }

        /** How many times worse than what is usual, from 0; 1 is usual. */
        public double badness(double value, double usual) {
            if (usual <= 0 || value <= 0) {
                return 1;
            }
            return lessIsBetter ? value / usual : usual / value;
        }

        private double worse(double one, double other) {
            return lessIsBetter ? Math.max(one, other) : Math.min(one, other);
        }
    }

    /** @param most rows, from 1 */
    public static PairMatrix of(VerifyView view, Figure figure, int most) {
        TreeSet<NodeName> names = new TreeSet<>();
        view.pairs().forEach(pair -> names.addAll(List.of(pair.a(), pair.b())));
        List<NodeName> nodes = List.copyOf(names);
        int run = Math.max(1, (nodes.size() + most - 1) / most);
        int size = (nodes.size() + run - 1) / run;
        Map<NodeName, Integer> place = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            place.put(nodes.get(i), i / run);
        }
        Cell[][] cells = new Cell[size][size];
        Arrays.stream(cells).forEach(row -> Arrays.fill(row, new Cell.Empty()));
        for (VerifyView.Pair pair : view.pairs()) {
            int row = place.getOrDefault(pair.a(), 0);
            int column = place.getOrDefault(pair.b(), 0);
            Cell joined = join(cells[row][column], pair, figure);
            cells[row][column] = joined;
            cells[column][row] = joined;
        }
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            NodeName first = nodes.get(i * run);
            NodeName last = nodes.get(Math.min(nodes.size(), (i + 1) * run) - 1);
            labels.add(first.equals(last) ? first.value() : first + "-" + last);
        }
        return new PairMatrix(labels, Arrays.stream(cells).map(List::of).toList(), usual(view, figure));
    }

    private static Cell join(Cell before, VerifyView.Pair pair, Figure figure) {
        if (!pair.ok()) {
            return new Cell.Failed();
        }
        return switch (before) {
            case Cell.Failed failed -> failed;
            case Cell.Empty _ -> new Cell.Passed(figure.of(pair));
            case Cell.Passed(double worst) -> new Cell.Passed(figure.worse(worst, figure.of(pair)));
        };
    }

    private static double usual(VerifyView view, Figure figure) {
        double[] sorted = view.pairs().stream()
                .filter(VerifyView.Pair::ok)
                .mapToDouble(figure::of)
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}
