package dev.scc.testbed;

import java.nio.file.Path;

/**
 * Where everything of one testbed is.
 *
 * @param data its directory
 */
record Site(TestbedName name, Path data, StateFile state, TestbedNetwork network) {

    Path directory(TestbedNode node) {
        return data.resolve(node.name().value());
    }
}
