package dev.scc.cli.report;

import dev.scc.cli.render.PairMatrix;
import dev.scc.cluster.view.VerifyView;
import java.util.Locale;

/** How many pairs have which figure, as bars of equal width from the least to the most. */
final class DistributionSvg {
    private static final int BARS = 24;
    private static final int WIDTH = 560;
    private static final int HEIGHT = 110;

    private DistributionSvg() {}

    static String of(VerifyView view, PairMatrix.Figure figure) {
        double[] values = view.pairs().stream()
                .filter(VerifyView.Pair::ok)
                .mapToDouble(figure::of)
                .sorted()
                .toArray();
        if (values.length == 0) {
            return "<p>no pair passed</p>\n";
        }
        double least = values[0];
        double most = values[values.length - 1];
        int[] bars = new int[BARS];
        int highest = 1;
        for (double value : values) {
            int bar = most > least ? (int) Math.min(BARS - 1, (value - least) / (most - least) * BARS) : 0;
            highest = Math.max(highest, ++bars[bar]);
        }
        StringBuilder svg =
                new StringBuilder("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"distribution of %s\">%n"
                        .formatted(WIDTH, HEIGHT, Html.text(figure.title())));
        double width = (double) WIDTH / BARS;
        for (int bar = 0; bar < BARS; bar++) {
            double height = (HEIGHT - 24.0) * bars[bar] / highest;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%d pairs</title></rect>%n",
                    bar * width,
                    HEIGHT - 20 - height,
                    width - 1,
                    height,
                    bars[bar]));
        }
        return svg.append(String.format(
                        Locale.ROOT,
                        "<text y=\"%d\" class=\"unit\">%s: %.1f to %.1f, median %.1f, of %d pairs</text>%n</svg>%n",
                        HEIGHT - 4,
                        Html.text(figure.title()),
                        least,
                        most,
                        values[values.length / 2],
                        values.length))
                .toString();
    }
}
