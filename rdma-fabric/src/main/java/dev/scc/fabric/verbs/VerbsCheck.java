package dev.scc.fabric.verbs;

import dev.scc.fabric.verify.CannotVerify;

/** Whether verbs can be used by this process. */
public final class VerbsCheck {
    private VerbsCheck() {}

    /** Why the native library cannot be loaded; empty if it can. */
    public static String problem() {
        try {
            VerbsLibrary.load();
            return "";
        } catch (CannotVerify e) {
            return String.valueOf(e.getMessage());
        }
    }
}
