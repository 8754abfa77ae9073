package dev.scc.cluster.audit;

import dev.scc.host.Bounds;
import dev.scc.host.Json;
import java.nio.charset.StandardCharsets;

/**
 * One call that a server has taken or refused: a line of its audit log.
 *
 * @param number counts the entries of one log from 1
 * @param at when the call had ended, in milliseconds since 1970
 * @param fact what is told
 * @param before the hash of the line before, of which the first has none
 */
public record AuditEntry(long number, long at, Fact fact, String before) {

    /** How a call has ended. */
    public enum Ending {
        DONE,
        /** The caller may not do that, or is not who the token was for. */
        NOT_ENTITLED,
        /** It does not fit the state of things, or makes no sense. */
        REFUSED,
        FAILED,
        /** The caller has gone, and what he asked for may go on. */
        LEFT
    }

    /**
     * What an entry tells.
     *
     * @param who such as {@code admin:ada}
     * @param from host and port
     * @param method such as {@code scc.Server/Ask}
     * @param about what the call was about, such as {@code create demo}
     * @param why it did not end well; else empty
     * @param leftOut how many calls of the same caller, of which no entry tells, there were before this one
     */
    public record Fact(String who, String from, String method, String about, Ending ending, String why, long leftOut) {
        private static final int LONGEST_NAME = 200;
        private static final int LONGEST_REASON = 300;

        public Fact {
            who = Bounds.cut(who, LONGEST_NAME);
            from = Bounds.cut(from, LONGEST_NAME);
            method = Bounds.cut(method, LONGEST_NAME);
            about = Bounds.cut(about, LONGEST_NAME);
            why = Bounds.cut(why, LONGEST_REASON);
        }

        /** Something that a server says of its own log. */
        static Fact own(String method, String why, long leftOut) {
            return new Fact("server", "", method, "", Ending.FAILED, why, leftOut);
        }
    }

    byte[] line() {
        return Json.write(this).getBytes(StandardCharsets.UTF_8);
    }
}
