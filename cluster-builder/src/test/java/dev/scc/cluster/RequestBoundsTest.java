package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestBoundsTest {
    private static final NodeName N1 = new NodeName("n1");

    private static Map<String, String> labels(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "k" + number)
                .collect(Collectors.toMap(Function.identity(), _ -> "v"));
    }

    @Test
    void whatPeopleUsuallyAskIsNotTooLong() {
        assertThat(RequestBounds.objection(
                        new Request.Create(ClusterSpec.of("demo", 8).withSelect(labels(50)))))
                .isEmpty();
        assertThat(RequestBounds.objection(new Request.Cordon(N1, "x".repeat(500))))
                .isEmpty();
        assertThat(RequestBounds.objection(new Request.Label(N1, labels(25), Set.of("rack"))))
                .isEmpty();
        assertThat(RequestBounds.objection(new Request.Collect())).isEmpty();
    }

    @Test
    void whatIsTooLongOrTooManyIsSaidInASentence() {
        assertThat(RequestBounds.objection(new Request.Cordon(N1, "x".repeat(501))))
                .contains("the reason has 501 characters, and may have 500");
        assertThat(RequestBounds.objection(new Request.Label(N1, labels(51), Set.of())))
                .contains("51 labels are too many at once; 50 may be");
        assertThat(RequestBounds.objection(new Request.Label(N1, Map.of("k", "v".repeat(101)), Set.of())))
                .contains("a label has 101 characters, and may have 100");
        assertThat(RequestBounds.objection(
                        new Request.Create(ClusterSpec.of("demo", 8).withSelect(Map.of("k".repeat(101), "v")))))
                .contains("a label has 101 characters, and may have 100");
        assertThat(RequestBounds.objection(
                        new Request.Create(ClusterSpec.of("demo", 8).withSelect(labels(51)))))
                .contains("51 labels to select by are too many at once; 50 may be");
    }

    /** Class of hole: a name that becomes a path. */
    @Test
    void theIdOfARequestIsNoPath() {
        for (String id : List.of("r1", "5b615d5b-3a5d-4b20-9f10-0123456789ab", "a.b_c-D", "x".repeat(64))) {
            assertThat(RequestBounds.objection(id)).as(id).isEmpty();
        }
        for (String id :
                List.of("", "a/b", "/a", "..", ".", "a b", "a\nb", "a\u0000", "-a", "x".repeat(65), "\u00e4")) {
            assertThat(RequestBounds.objection(id)).as(id).isPresent();
        }
    }
}
