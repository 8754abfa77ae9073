package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.UserMistake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                        OnFailure.KEEP,
                        List.of(),
                        false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nodes: 3                        | field "name" is missing
                    {name: demo}                    | field "nodes" is missing
                    {name: demo, nodes: many}       | "many" is not a number
                    {name: demo, nodes: 0}          | nodes: 0 is not within 1 to 10000
                    {name: demo, nodes: 010}        | 010 is not a number such as 8
                    {name: demo, nodes: 2.0}        | 2.0 is not a number such as 8
                    {name: demo, nodes: 1:30}       | 1:30 is not a number such as 8
                    {name: demo, nodes: "2"}        | "2" is not a number such as 8
                    {name: demo, nodes: true}       | true is not a number such as 8
                    {name: demo, nodes: [2]}        | is a list where a word or a number belongs
                    {name: [demo], nodes: 2}        | is a list where a word or a number belongs
                    {name: true, nodes: 2}          | if you mean it, write "true"
                    {name: 12, nodes: 2}            | 12 is a number in YAML, not a word
                    {name: {a: b}, nodes: 2}        | labels where a word belongs
                    {name: demo, nodes: {a: 2}}     | labels where a number belongs
                    {name: demo, nodes: 1, select: rack=r1} | not a list of labels
                    {name: demo, nodes: 1, select: {rack: [r1]}} | is a list where a word after "rack" belongs
                    {name: demo, nodes: 1, select: {rack: {a: b}}} | is a further level where a word after "rack"
                    {name: demo, nodes: 1, select: {a: b, a: c}} | twice
                    {name: demo, nodes: 1, vpc: *v} | is an alias of what is no word
                    {name: demo, nodes: 1, vpc: Not A Name} | field "vpc": cluster name "Not A Name"
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
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    name: demo;nodes: 2;nodes: 3          | line 3: field "nodes" is there twice, the first time at line 2
                    name: demo;nodes: 2;---;name: other   | line 3: a second document
                    name: demo;;nodes: many               | line 3, field "nodes": "many" is not a number
                    nodes: 2;vlan: 7                      | line 2: unknown field "vlan"
                    a: &a [x,x];b: &b [*a,*a];c: [*b,*b]  | line 1: field "a" is a list
                    name: demo;#;nodes: &n {a: *n}        | line 3: field "nodes" is an alias of what is no word
                    name: demo;nodes: 2; vpc: x           | line 3: not YAML
                    """)
    void whereItIsWrongIsSaid(String lines, String words) {
        assertThatThrownBy(() -> ClusterSpecFile.parse(lines.replace(';', '\n')))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining(words);
    }

    /** Class of hole: depth that uses up the stack. */
    @Test
    void whatIsDeeperThanAnySpecIsRefusedBeforeItIsRead() {
        assertThatThrownBy(() -> ClusterSpecFile.parse("name: demo\nselect: " + "{a: ".repeat(100_000)))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void aWordCanBeSaidOnceAndMeantAgain() {
        assertThat(ClusterSpecFile.parse("name: &n demo\nvpc: *n\nnodes: 2\nselect: {rack: 010, of: *n}\n"))
                .isEqualTo(new ClusterSpec(
                        new ClusterName("demo"),
                        2,
                        Optional.of("demo"),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("rack", "010", "of", "demo"),
                        Optional.empty(),
                        Pattern.FULL,
                        OnFailure.ROLLBACK,
                        List.of(),
                        false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\uFEFFname: demo\nnodes: 3\n", "name: demo\r\nnodes: 3\r\n", "name: demo\nnodes: 3\nvpc: ~"})
    void editorsOfAllKindsWriteSpecs(String yaml) {
        assertThat(ClusterSpecFile.parse(yaml)).isEqualTo(ClusterSpec.of("demo", 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "just words", "- a\n"})
    void whatHasNoFieldsIsNoSpec(String yaml) {
        assertThatThrownBy(() -> ClusterSpecFile.parse(yaml))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("not a list of fields");
    }

    @Test
    void aFileThatIsNoTextOrHasNoEndIsRefused() throws Exception {
        Path noise = Files.write(directory.resolve("noise"), new byte[] {(byte) 0xff, 0, 1});

        assertThatThrownBy(() -> ClusterSpecFile.read(noise)).hasMessageContaining("no text in UTF-8");
        assertThatThrownBy(() -> ClusterSpecFile.read(Path.of("/dev/zero"))).hasMessageContaining("longer than");
        assertThatThrownBy(() -> ClusterSpecFile.read(directory)).hasMessageContaining("cannot be read");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ClusterSpecFile.read(directory.resolve("none.yaml")))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("none.yaml does not exist");
    }

    /** Class of hole: a decoder that makes objects of whatever class it is told, or as many as it is told. */
    @Test
    void aSpecMakesNoObjectsOfItsOwnAndNoMoreThanItHasWords() {
        String bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
                + IntStream.range(0, 9)
                        .mapToObj(i -> "b" + i + ": &b" + i + " ["
                                + ("*" + (i == 0 ? "a" : "b" + (i - 1)) + ",").repeat(9) + "x]\n")
                        .collect(Collectors.joining());

        assertThatThrownBy(() -> ClusterSpecFile.parse("name: !!javax.script.ScriptEngineManager [demo]\nnodes: 2"))
                .isInstanceOf(UserMistake.class);
        assertThatThrownBy(() -> ClusterSpecFile.parse("name: demo\nnodes: 2\n" + bomb))
                .isInstanceOf(UserMistake.class);
    }
}
