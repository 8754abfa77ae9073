package dev.scc.testbed;

import java.nio.file.Path;
import java.util.List;

/** An {@code up} that a test can send signals to. */
final class UpInOtherProcess {
    private UpInOtherProcess() {}

    /**
     * @param args the testbed's name, its data directory, and for namespaces when it ends as if
     *     killed: after which phase; or {@code exit} to begin only when the JVM is ending
     */
    public static void main(String[] args) {
        Testbed testbed = new Testbed(new TestbedName(args[0]), Path.of(args[1]), Scratch.cache());
        TestbedSpec spec = args.length == 2
                ? TestbedSpec.bare(1)
                : new TestbedSpec(3, new NodeKind.Netns(List.of()), List.of(List.of("sleep", "1000")));
        if (args.length > 2 && args[2].equals("exit")) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> System.out.println(testbed.up(spec, System.out::println))));
            return;
        }
        UpOutcome outcome = testbed.up(spec, event -> {
            System.out.println(event);
            if (args.length > 2
                    && event instanceof Progress.PhaseDone done
                    && done.name().equals(args[2])) {
                Runtime.getRuntime().halt(137);
            }
        });
        System.out.println(outcome);
    }
}
