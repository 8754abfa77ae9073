package dev.scc.cluster.cni;

import dev.scc.host.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a container runtime asked for was not done. It is told so in the words of the CNI specification, version 1.1. */
final class CniFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final Code code;

    /** The numbers that the specification gives, and ours from 100 on. */
    enum Code {
        UNKNOWN_VERSION(1),
        BAD_ENVIRONMENT(4),
        UNREADABLE(6),
        BAD_CONFIGURATION(7),
        TRY_LATER(11),
        NOT_AVAILABLE(50),
        FAILED(100),
        NOT_AS_IT_HAS_TO_BE(101);

        private final int number;

        Code(int number) {
            this.number = number;
        }
    }

    CniFailed(Code code, String why) {
        super(why);
        this.code = code;
    }

    /** What the runtime reads. */
    String json(String version) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("cniVersion", version);
        error.put("code", code.number);
        error.put("msg", String.valueOf(getMessage()));
        return Json.write(error);
    }
}
