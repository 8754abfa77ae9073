package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Thing(NodeName node, Ipv4 address, Cidr network, int count, Optional<Mac> mac, List<String> words) {}

    private static final String WHOLE =
            "{\"node\":\"n1\",\"address\":\"10.0.0.1\",\"network\":\"10.0.0.0/24\",\"count\":3,"
                    + "\"mac\":null,\"words\":[\"a\"]}";
    private static final Thing THING = new Thing(
            new NodeName("n1"), Ipv4.parse("10.0.0.1"), Cidr.parse("10.0.0.0/24"), 3, Optional.empty(), List.of("a"));

    @Test
    void recordsGoToJsonAndBack() {
        assertThat(Json.write(THING)).isEqualTo(WHOLE);
        assertThat(Json.read(WHOLE, Thing.class)).isEqualTo(THING);
        assertThat(Json.read(Json.writeBytes(THING), Thing.class)).isEqualTo(THING);
        assertThat(Json.read(Json.pretty(THING), Thing.class)).isEqualTo(THING);
        assertThat(Json.pretty(THING)).contains("\n");
    }

    @Test
    void whatANewerWriterAddedIsIgnored() {
        assertThat(Json.read(WHOLE.replace("{", "{\"later\":1,"), Thing.class)).isEqualTo(THING);
    }

    @Test
    void whatIsMissingOrNullIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> Json.read(WHOLE.replace("\"count\":3,", ""), Thing.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a Thing")
                .hasMessageContaining("count");
        assertThatThrownBy(() -> Json.read(WHOLE.replace(":3", ":null"), Thing.class))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.read(WHOLE.replace("\"n1\"", "null"), Thing.class))
                .hasMessageContaining("node");
    }

    @Test
    void whatARecordRefusesIsRefusedWithItsOwnWords() {
        assertThatThrownBy(() -> Json.read(WHOLE.replace("10.0.0.1", "10.0.0.300"), Thing.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"10.0.0.300\" is not an IPv4 address");
    }

    record Grown(
            String name,
            @Later List<String> words,
            @Later Optional<Integer> count,
            @Later boolean tried) {}

    @Test
    void whatRecordsGotLaterMayBeMissing() {
        Grown whole = new Grown("a", List.of("b"), Optional.of(3), true);

        assertThat(Json.read("{\"name\":\"a\"}", Grown.class))
                .isEqualTo(new Grown("a", List.of(), Optional.empty(), false));
        assertThat(Json.read(Json.write(whole), Grown.class)).isEqualTo(whole);
        assertThatThrownBy(() -> Json.read("{\"words\":[]}", Grown.class)).hasMessageContaining("name");
    }
}
