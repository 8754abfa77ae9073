package dev.scc.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cli.render.SampleFabric;
import dev.scc.cluster.view.VerifyView;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VerifyReportTest {
    private static final NodeName N3 = new NodeName("n3");
    private static final NodeName N5 = new NodeName("n5");

    @Test
    void namesSuspectsAndDifferences() {
        VerifyView view = SampleFabric.view(8, pair -> pair.has(N3), pair -> pair.has(N5), "no answer in 5 s");

        String page = VerifyReport.of(view);

        assertThat(page)
                .contains("<td>node<td>n3<td>fails<td>fails with 7 of 7 partners")
                .contains("<td>link<td>n5<td>slow<td>slow with 6 of 6 partners")
                .contains("21 of 28 pairs passed; 2 suspected")
                .contains("Since the baseline of 2026-05-04T10:20:31Z")
                .contains("<td>worse");
        assertThat(page.split("class=\"failed\"", -1))
                .as("both halves, three maps")
                .hasSize(1 + 7 * 2 * 3);
    }

    @Test
    void needsNothingBesideItselfAndRunsNothing() {
        String page = VerifyReport.of(SampleFabric.view(8, _ -> false, _ -> false, ""));

        assertThat(page)
                .doesNotContain("<script", "<link", "<img", "@import", "url(", "src=", "href=", "http://", "https://");
    }

    /** Class of hole: what somebody says becomes a part of a page. */
    @Test
    void whatANodeSaidIsShownAndNotObeyed() {
        String page = VerifyReport.of(
                SampleFabric.view(4, pair -> pair.has(N3), _ -> false, "</td><script>alert('\u202e')</script>&"));

        assertThat(page).doesNotContain("<script>", "\u202e").contains("&lt;script&gt;");
    }

    @Test
    void aPageOfManyNodesStaysSmallEnoughToOpen() throws IOException {
        String page = VerifyReport.of(SampleFabric.view(300, pair -> pair.has(N3), pair -> pair.has(N5), "cable"));

        assertThat(page.length()).isLessThan(16 << 20);
        Path out = Path.of("target", "evidence", "fabric.html");
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(
                out, VerifyReport.of(SampleFabric.view(64, pair -> pair.has(N3), pair -> pair.has(N5), "cable")));
    }
}
