package dev.scc.cli.report;

import dev.scc.cli.render.LoadSummary;
import dev.scc.cli.render.PairMatrix;
import dev.scc.cluster.view.LoadView;
import dev.scc.cluster.view.VerifyView;
import dev.scc.fabric.verify.Difference;
import dev.scc.host.NodeName;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** A verification as one page: no script, no style sheet, font or picture from anywhere else. */
public final class VerifyReport {
    /** More rows of a table are only counted. */
    private static final int SHOWN = 100;

    private VerifyReport() {}

    /** The page. */
    public static String of(VerifyView view) {
        long passed = view.pairs().stream().filter(VerifyView.Pair::ok).count();
        StringBuilder page = new StringBuilder(head(Html.text(view.cluster().value())));
        page.append("<h1>Fabric of cluster ")
                .append(Html.text(view.cluster().value()))
                .append("</h1>\n<p>%s verification, ended %s, took %.1f s.</p>%n"
                        .formatted(Html.text(view.pattern()), Html.text(view.at()), view.millis() / 1000.0))
                .append("<p class=\"verdict\">%d of %d pairs passed; %s.</p>%n"
                        .formatted(
                                passed,
                                view.pairs().size(),
                                view.verdicts().isEmpty()
                                        ? "nothing is suspected"
                                        : view.verdicts().size() + " suspected"));
        suspects(page, view);
        page.append("<h2>Pairs</h2>\n<div class=\"maps\">\n");
        for (PairMatrix.Figure figure : PairMatrix.Figure.values()) {
            page.append("<figure>").append(HeatMapSvg.of(view, figure)).append("</figure>\n");
        }
        page.append(
                        "</div>\n<p>Dark is good, light is bad: from twice as good as the median to four times worse.</p>\n")
                .append("<h2>Distributions</h2>\n<div class=\"maps\">\n");
        for (PairMatrix.Figure figure : PairMatrix.Figure.values()) {
            page.append("<figure>").append(DistributionSvg.of(view, figure)).append("</figure>\n");
        }
        page.append("</div>\n");
        view.load().ifPresent(load -> load(page, load));
        comparison(page, view);
        failed(page, view);
        return page.append("</body>\n</html>\n").toString();
    }

    private static String head(String cluster) {
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>scc verify %s</title>
            <style>
            body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1rem; color: #111; background: #fff; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
            .maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%%, 26rem), 1fr)); gap: 1.5rem; }
            svg { width: 100%%; height: auto; } svg text { font-size: 10px; fill: #111; }
            svg .label { text-anchor: end; font-size: 9px; } .bar { fill: #35456c; }
            .failed rect { fill: #fff; stroke: #111; stroke-width: .5; } .failed path { stroke: #111; stroke-width: 1.5; }
            table { border-collapse: collapse; } th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #bbb; vertical-align: top; }
            .verdict { font-weight: 600; border-left: .4rem solid #111; padding-left: .7rem; }
            @media print { body { margin: 0; max-width: none; } h2, svg, tr { break-inside: avoid; }
              rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
            </style>
            </head>
            <body>
            """.formatted(cluster);
    }

    private static void suspects(StringBuilder page, VerifyView view) {
        if (view.verdicts().isEmpty()) {
            return;
        }
        page.append("<h2>Suspects</h2>\n<table><tr><th>what<th>which<th>how<th>evidence</tr>\n");
        for (VerifyView.Suspicion verdict : view.verdicts()) {
            String nodes = verdict.nodes().stream().map(NodeName::value).collect(Collectors.joining(" - "));
            row(page, word(verdict.kind()), nodes, verdict.failed() ? "fails" : "slow", verdict.evidence());
        }
        page.append("</table>\n");
    }

    private static void load(StringBuilder page, LoadView load) {
        page.append("<h2>Under load: %s</h2>%n<p>%s.</p>%n"
                .formatted(Html.text(load.load()), Html.text(LoadSummary.of(load))));
        page.append("<table><tr><th>round<th>flow<th>loaded<th>unloaded<th>ratio</tr>\n");
        // The worst first: those are looked for.
        load.flows().stream()
                .sorted(Comparator.comparing(LoadView.FlowRow::ok).thenComparingDouble(LoadView.FlowRow::ratio))
                .limit(SHOWN)
                .forEach(flow -> row(
                        page,
                        String.valueOf(flow.round() + 1),
                        flow.from() + " to " + flow.to(),
                        flow.ok() ? "%.1f MB/s".formatted(flow.writeMBps()) : flow.why(),
                        flow.unloadedMBps() > 0 ? "%.1f MB/s".formatted(flow.unloadedMBps()) : "",
                        flow.ratio() > 0 ? "%.2f".formatted(flow.ratio()) : ""));
        page.append("</table>\n");
        more(page, load.flows().size());
    }

    private static void comparison(StringBuilder page, VerifyView view) {
        view.comparison().ifPresent(compared -> {
            page.append("<h2>Since the %s of %s</h2>%n"
                    .formatted(compared.baseline() ? "baseline" : "verification", Html.text(compared.at())));
            if (compared.differences().isEmpty()) {
                page.append("<p>No pair differs.</p>\n");
                return;
            }
            page.append("<table><tr><th>pair<th>figure<th>was<th>now<th></tr>\n");
            for (Difference difference :
                    compared.differences().stream().limit(SHOWN).toList()) {
                row(
                        page,
                        difference.a() + " - " + difference.b(),
                        word(difference.figure()),
                        difference.was(),
                        difference.now(),
                        difference.worse() ? "worse" : "better");
            }
            page.append("</table>\n");
            more(page, compared.differences().size());
        });
    }

    private static void failed(StringBuilder page, VerifyView view) {
        long failed = view.pairs().stream().filter(pair -> !pair.ok()).count();
        if (failed == 0) {
            return;
        }
        page.append("<h2>Failed pairs</h2>\n<table><tr><th>pair<th>why</tr>\n");
        view.pairs().stream()
                .filter(pair -> !pair.ok())
                .limit(SHOWN)
                .forEach(pair -> row(page, pair.a() + " - " + pair.b(), pair.why()));
        page.append("</table>\n");
        more(page, failed);
    }

    private static void more(StringBuilder page, long rows) {
        if (rows > SHOWN) {
            page.append("<p>and %d more</p>%n".formatted(rows - SHOWN));
        }
    }

    private static void row(StringBuilder page, String... cells) {
        page.append("<tr>");
        for (String cell : cells) {
            page.append("<td>").append(Html.text(cell));
        }
        page.append("</tr>\n");
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
