package dev.scc.cluster.audit;

/**
 * How far an audit log goes. Whoever has it can tell whether files are that log, and all of it that is kept.
 *
 * @param number of the last entry; 0 if there is none
 * @param hash of the last line
 * @param oldest number of the first entry that is kept
 * @param beforeOldest the hash of the line before that
 */
public record AuditHead(long number, String hash, long oldest, String beforeOldest) {
    /** Of a log without entries. */
    static final AuditHead NOTHING = new AuditHead(0, "", 1, "");
}
