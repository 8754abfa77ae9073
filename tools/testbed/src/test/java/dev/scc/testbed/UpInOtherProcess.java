package dev.scc.testbed;

import java.nio.file.Path;

/** An {@code up} that a test can send signals to. */
final class UpInOtherProcess {
    private UpInOtherProcess() {}

    public static void main(String[] args) {
        Testbed testbed = new Testbed(new TestbedName(args[0]), Path.of(args[1]));
        UpOutcome outcome = testbed.up(TestbedSpec.bare(1), System.out::println);
        System.out.println(outcome);
    }
}
