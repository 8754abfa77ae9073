package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSpecFileTest {
    @TempDir
    Path directory;

    @Test
    void nameAndNodesAreEnough() {
        assertThat(ClusterSpecFile.parse("name: demo\nnodes: 3\n")).isEqualTo(ClusterSpec.of("demo", 3));
    }

    @Test
    void everythingCanBeSaid() throws Exception {
        Path file = directory.resolve("demo.yaml");
        Files.writeString(file, """
                name: demo
                nodes: 2
                vpc: shared
                vpcCidr: 172.20.0.0/16
                rdmaCidr: 10.5.0.0/24
                select: {rack: r1}
                spread: switch
                verify: quick
                onFailure: keep
                """);

        assertThat(ClusterSpecFile.read(file))
                .isEqualTo(new ClusterSpec(
                        new ClusterName("demo"),
                        2,
                        Optional.of("shared"),
                        Optional.of(Cidr.parse("172.20.0.0/16")),
                        Optional.of(Cidr.parse("10.5.0.0/24")),
                        Map.of("rack", "r1"),
                        Optional.of(new Arrange(Arrange.How.SPREAD, "switch")),
                        Pattern.QUICK,
                        OnFailure.KEEP));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nodes: 3                        | field "name" is missing
                    {name: demo}                    | field "nodes" is missing
                    {name: demo, nodes: many}       | "many" is not a number
                    {name: demo, nodes: 0}          | nodes: 0 is not within 1 to 4096
                    {name: Demo, nodes: 1}          | field "name": cluster name "Demo"
                    {name: demo, nodes: 1, spread: rack, pack: rack} | exclude each other
                    {name: demo, nodes: 1, vlan: 7} | unknown field "vlan"
                    {name: demo, nodes: 1, verify: perhaps} | "perhaps" is none of [full, quick, off]
                    {name: demo, nodes: 1, vpcCidr: 10.0.0.1/8} | did you mean 10.0.0.0/8
                    just words                      | not a list of fields
                    {name: demo                     | not YAML
                    """)
    void whatIsWrongIsSaid(String yaml, String words) {
        assertThatThrownBy(() -> ClusterSpecFile.parse(yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ClusterSpecFile.read(directory.resolve("none.yaml")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.yaml does not exist");
    }
}
