package dev.scc.fabric.verbs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Giving back what verbs hold: all of it, whatever one part answers. */
final class Release {
    private static final Logger log = LoggerFactory.getLogger(Release.class);

    private Release() {}

    /** Runs {@code call}; a failure is logged, for nothing can be done about it and the rest has to be released too. */
    static void quietly(String what, Call call) {
        try {
            int answer = call.run();
            if (answer != 0) {
                log.atWarn()
                        .addKeyValue("object", what)
                        .addKeyValue("answer", answer)
                        .log("verbs object not released");
            }
        } catch (Exception e) { // DiSNI declares it for some calls.
            log.atWarn().addKeyValue("object", what).setCause(e).log("verbs object not released");
        }
    }

    /** One of DiSNI's destroying calls: 0, or a negative error number. */
    @FunctionalInterface
    interface Call {
        int run() throws Exception;
    }
}
