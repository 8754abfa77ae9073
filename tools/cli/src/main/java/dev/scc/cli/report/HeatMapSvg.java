package dev.scc.cli.report;

import dev.scc.cli.render.PairMatrix;
import dev.scc.cluster.view.VerifyView;
import java.util.List;
import java.util.Locale;

/**
 * A matrix of pairs as a drawing. Colours go from dark to light with the figure, along cividis (Nuñez, Anderton, Renslow 2018), so
 * that they are told apart in print and by the colour-blind; failed pairs are crossed out.
 */
final class HeatMapSvg {
    /** More rows are joined to runs of nodes. */
    private static final int ROWS = 128;

    private static final int LABELS = 90;
    private static final int WIDTH = 560;
    private static final int[][] CIVIDIS = {
        {0, 34, 78}, {53, 69, 108}, {102, 105, 112}, {148, 142, 119}, {200, 184, 102}, {254, 232, 56}
    };

    private HeatMapSvg() {}

    static String of(VerifyView view, PairMatrix.Figure figure) {
        PairMatrix matrix = PairMatrix.of(view, figure, ROWS);
        int size = matrix.labels().size();
        double cell = Math.min(40, (double) WIDTH / Math.max(1, size));
        double side = cell * size;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s of every pair\">%n",
                LABELS + side + 2,
                side + 24,
                Html.text(figure.title())));
        for (int row = 0; row < size; row++) {
            svg.append(label(matrix.labels(), row, cell));
            for (int column = 0; column < size; column++) {
                svg.append(cell(matrix, figure, row, column, cell));
            }
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%.0f\" class=\"unit\">%s; median %.1f; crossed: failed; blank: not probed</text>%n",
                LABELS,
                side + 16,
                Html.text(figure.title()),
                matrix.usual()));
        return svg.append("</svg>\n").toString();
    }

    /** As many as can be read. */
    private static String label(List<String> labels, int row, double cell) {
        int each = (int) Math.ceil(9 / cell);
        return row % each == 0
                ? String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%.1f\" class=\"label\">%s</text>%n",
                        LABELS - 4,
                        row * cell + cell / 2 + 3,
                        Html.text(labels.get(row)))
                : "";
    }

    private static String cell(PairMatrix matrix, PairMatrix.Figure figure, int row, int column, double cell) {
        double x = LABELS + column * cell;
        double y = row * cell;
        String pair = matrix.labels().get(row) + " - " + matrix.labels().get(column);
        return switch (matrix.cells().get(row).get(column)) {
            case PairMatrix.Cell.Empty _ -> "";
            case PairMatrix.Cell.Failed _ ->
                String.format(
                        Locale.ROOT,
                        "<g class=\"failed\"><title>%1$s: failed</title>"
                                + "<rect x=\"%2$.2f\" y=\"%3$.2f\" width=\"%4$.2f\" height=\"%4$.2f\"/>"
                                + "<path d=\"M%2$.2f %3$.2fl%4$.2f %4$.2fm0 -%4$.2fl-%4$.2f %4$.2f\"/></g>%n",
                        Html.text(pair),
                        x,
                        y,
                        cell);
            case PairMatrix.Cell.Passed(double worst) ->
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"><title>%s: %.1f</title></rect>%n",
                        x,
                        y,
                        cell,
                        cell,
                        colour(figure.badness(worst, matrix.usual())),
                        Html.text(pair),
                        worst);
        };
    }

    /** From half to four times what is usual, by logarithm: dark is good. */
    private static String colour(double badness) {
        double part = Math.clamp((Math.log(badness) / Math.log(2) + 1) / 3, 0, 1) * (CIVIDIS.length - 1);
        int step = Math.min((int) part, CIVIDIS.length - 2);
        StringBuilder colour = new StringBuilder("#");
        for (int channel = 0; channel < 3; channel++) {
            double from = CIVIDIS[step][channel];
            double to = CIVIDIS[step + 1][channel];
            colour.append("%02x".formatted(Math.round(from + (to - from) * (part - step))));
        }
        return colour.toString();
    }
}
