package dev.scc.cluster;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Of all tests of this module: who waits does not fail by a thread of another, which runs at the same time and lets a thread die, as
 * Awaitility has it if nothing is said.
 */
public final class OwnExceptions implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }
}
