package dev.scc.cluster;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How the tests of this module wait: a thread of another test that dies at the same time fails nobody who waits, as Awaitility has
 * it if nothing is said; and a machine that boots guests at the same time has a minute for what takes a moment elsewhere.
 */
public final class TestWaits implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }
}
