package dev.scc.bench;

import dev.scc.cli.demo.Demo;
import dev.scc.cli.view.DemoView;
import dev.scc.cli.view.DemoView.Figure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of {@code scc demo}, the median of several runs, beside what they are to be at most. */
final class DemoBenchmark implements Benchmark {
    private static final int RUNS = 3;

    private final Path home;
    private final Path data;

    DemoBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "the whole road on emulated nodes: boot, create, verify, MPI job, delete";
    }

    @Override
    public Result run(boolean quick) throws Exception {
        int runs = quick ? 1 : RUNS;
        Map<String, List<Figure>> figures = new LinkedHashMap<>();
        for (int i = 1; i <= runs; i++) {
            System.err.println("run " + i + " of " + runs);
            DemoView view = new Demo(home.resolve("bin/scc").toString(), home, data, System.err::println).run();
            view.figures()
                    .forEach(figure -> figures.computeIfAbsent(figure.what(), what -> new ArrayList<>())
                            .add(figure));
        }
        List<Row> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>(List.of("Median of " + runs + " runs; \"other\" is the most it may be."));
        figures.forEach((what, all) -> {
            Figure figure = all.getFirst();
            List<Double> values =
                    new ArrayList<>(all.stream().map(Figure::value).toList());
            Collections.sort(values);
            double median = values.get(values.size() / 2);
            rows.add(new Row(
                    what + ", " + figure.unit(),
                    median,
                    figure.target(),
                    median / figure.target(),
                    "at most " + figure.target() + " " + figure.unit(),
                    median <= figure.target()));
            notes.add(what + ": " + values);
        });
        return new Result("demo", rows, notes);
    }
}
