package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobRequestTest {
    private static JobSpec spec(String word, Map<String, String> environment) {
        return new JobSpec(
                        List.of("app", word),
                        Optional.of(2),
                        Optional.empty(),
                        MpiChoice.NONE,
                        false,
                        environment,
                        "/",
                        false)
                .under("night-7");
    }

    private static String content(JobSpec spec) {
        return JobRequest.of(spec, Attachment.BOUND).orElseThrow().content();
    }

    @Test
    void theSameAskedForAgainIsTheSameWhateverTheOrderOfItsVariables() {
        Map<String, String> forwards = new LinkedHashMap<>();
        Map<String, String> backwards = new LinkedHashMap<>();
        IntStream.range(0, 50).forEach(i -> forwards.put("V" + i, "" + i));
        IntStream.range(0, 50).forEach(i -> backwards.put("V" + (49 - i), "" + (49 - i)));

        assertThat(content(spec("a", forwards))).isEqualTo(content(spec("a", backwards)));
    }

    @Test
    void whichAttemptItIsDoesNotMakeItAnotherRequest() {
        JobSpec spec = spec("a", Map.of());

        assertThat(content(spec.again(3, List.of(new JobId("demo-1"))))).isEqualTo(content(spec));
    }

    @Test
    void whatRunsOtherwiseIsAnotherRequest() {
        JobSpec spec = spec("a", Map.of());

        assertThat(List.of(
                        content(spec("b", Map.of())),
                        content(spec("a", Map.of("A", "1"))),
                        content(spec.withAllRights()),
                        content(spec.within(new JobTimes(Optional.of(1L), Optional.empty(), 0))),
                        content(spec.where(RankSetting.usual().with(new Mapping(Mapping.By.CORE, false)))),
                        JobRequest.of(spec, Attachment.LOOSE).orElseThrow().content()))
                .doesNotHaveDuplicates()
                .doesNotContain(content(spec));
    }

    @Test
    void anIdHasTheFormOfAllIdsOfRequests() {
        assertThat(JobRequest.of(JobSpec.of(List.of("true")), Attachment.BOUND)).isEmpty();
        assertThatThrownBy(() -> JobSpec.of(List.of("true")).under("a b"))
                .hasMessageContaining("an id of a request has 1 to 64");
    }
}
