package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestWordTest {
    private static final List<String> COMMANDS = List.of("create", "delete", "list", "show", "testbed", "node", "run");

    @Test
    void eachSortOfSlipCountsOnce() {
        assertThat(NearestWord.slips("craete", "create")).isEqualTo(1);
        assertThat(NearestWord.slips("creat", "create")).isEqualTo(1);
        assertThat(NearestWord.slips("creaate", "create")).isEqualTo(1);
        assertThat(NearestWord.slips("creqte", "create")).isEqualTo(1);
        assertThat(NearestWord.slips("create", "create")).isZero();
    }

    @Test
    void slipOfTheFingersFindsTheCommand() {
        assertThat(NearestWord.to("craete", COMMANDS)).contains("create");
        assertThat(NearestWord.to("nodes", COMMANDS)).contains("node");
        assertThat(NearestWord.to("lst", COMMANDS)).contains("list");
    }

    @Test
    void anotherWordFindsNone() {
        assertThat(NearestWord.to("frobnicate", COMMANDS)).isEmpty();
    }
}
