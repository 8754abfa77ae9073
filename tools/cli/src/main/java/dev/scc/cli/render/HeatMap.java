package dev.scc.cli.render;

import dev.scc.cluster.view.VerifyView;
import dev.scc.host.Visible;
import java.util.List;
import java.util.Locale;

/**
 * A verification's latencies as a small picture of characters: one for each pair, told apart without colour; on a terminal with
 * colours that the colour-blind tell apart by brightness too.
 */
public final class HeatMap {
    /** More rows are joined to runs of nodes. */
    private static final int ROWS = 32;

    /** Steps of how many times the median a pair's latency is. */
    private enum Shade {
        USUAL(1.25, '.', 231, 24),
        MORE(2, '-', 231, 67),
        MUCH(4, '+', 16, 179),
        MOST(Double.MAX_VALUE, '#', 16, 226);

        final double upTo;
        final char sign;
        final int ink;
        final int colour;

        Shade(double upTo, char sign, int ink, int colour) {
            this.upTo = upTo;
            this.sign = sign;
            this.ink = ink;
            this.colour = colour;
        }

        static Shade of(double badness) {
            for (Shade shade : values()) {
                if (badness <= shade.upTo) {
                    return shade;
                }
            }
            return MOST;
        }
    }

    private HeatMap() {}

    /** Lines for a terminal; empty for fewer than three nodes, whose table says it all. */
    public static String of(VerifyView view, boolean colours) {
        PairMatrix matrix = PairMatrix.of(view, PairMatrix.Figure.LATENCY, ROWS);
        List<String> labels = matrix.labels();
        if (labels.size() < 3) {
            return "";
        }
        int width = labels.stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < labels.size(); row++) {
            text.append(("%-" + width + "s  ").formatted(Visible.line(labels.get(row))));
            for (int column = 0; column < labels.size(); column++) {
                text.append(cell(matrix, row, column, colours));
            }
            text.append('\n');
        }
        return text.append(String.format(
                        Locale.ROOT,
                        ". up to 1.25 times the median latency of %.1f us, - 2, + 4, # more, X failed%n",
                        matrix.usual()))
                .toString();
    }

    private static String cell(PairMatrix matrix, int row, int column, boolean colours) {
        return switch (matrix.cells().get(row).get(column)) {
            case PairMatrix.Cell.Empty _ -> row == column ? "\\ " : "  ";
            case PairMatrix.Cell.Failed _ -> paint('X', 231, 160, colours);
            case PairMatrix.Cell.Passed(double worst) -> {
                Shade shade = Shade.of(PairMatrix.Figure.LATENCY.badness(worst, matrix.usual()));
                yield paint(shade.sign, shade.ink, shade.colour, colours);
            }
        };
    }

    private static String paint(char sign, int ink, int ground, boolean colours) {
        return colours ? "\u001b[38;5;%d;48;5;%dm%c \u001b[0m".formatted(ink, ground, sign) : sign + " ";
    }
}
