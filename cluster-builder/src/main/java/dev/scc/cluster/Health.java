package dev.scc.cluster;

import dev.scc.host.Later;

/**
 * How often a node has failed of late. A few failures take it out of service, and some time without any puts it back, so
 * that a node that comes and goes is not given out again and again.
 *
 * @param failures since the last time it was well, 0 or more
 * @param last the latest failure, in words; empty if there was none
 * @param since when that was, in milliseconds since 1970
 * @param drained it gets no cluster until it has been well for long enough
 * @param gone the latest failure is that its agent is gone, and it has not been seen again
 */
public record Health(
        int failures,
        String last,
        long since,
        boolean drained,
        @Later boolean gone) {
    private static final String GONE = "its agent is gone";
    private static final String BACK = "its agent was gone for a while";

    public Health {
        // Older builds have written nothing but the words.
        gone = gone || last.equals(GONE);
    }

    /** As many failures take a node out of service. */
    public static final int FAILURES_TO_DRAIN = 3;

    /** As many windows without a failure put it back, and its failures are forgotten. */
    public static final int CLEAN_WINDOWS = 3;

    /** Length of a window, in milliseconds. */
    public static final long WINDOW_MILLIS = 5 * 60_000;

    /** Of a node that has never failed. */
    public static Health good() {
        return new Health(0, "", 0, false, false);
    }

    /** After one more failure. {@code now} is in milliseconds since 1970. */
    public Health failed(String why, long now) {
        return new Health(failures + 1, why, now, drained || failures + 1 >= FAILURES_TO_DRAIN, false);
    }

    /** After its agent has been gone for so long that this counts as a failure. {@code now} is in milliseconds since 1970. */
    public Health lost(long now) {
        Health worse = failed(GONE, now);
        return new Health(worse.failures, worse.last, worse.since, worse.drained, true);
    }

    /** With its agent there again. */
    public Health back() {
        return new Health(failures, BACK, since, drained, false);
    }

    /** How many windows without a failure are over, at most {@link #CLEAN_WINDOWS}. */
    public int cleanWindows(long now) {
        return (int) Math.max(0, Math.min(CLEAN_WINDOWS, (now - since) / WINDOW_MILLIS));
    }

    /** It has failed, but so long ago that this is forgotten. */
    public boolean recovered(long now) {
        return failures > 0 && cleanWindows(now) >= CLEAN_WINDOWS;
    }

    /** Such as {@code drained after 3 failures, the last: …; 1 of 3 clean windows of 5 min}; empty if it is well. */
    public String words(long now) {
        if (failures == 0) {
            return "";
        }
        return (drained ? "drained after " : "") + failures + (failures == 1 ? " failure" : " failures")
                + ", the last: "
                + last + "; " + cleanWindows(now) + " of " + CLEAN_WINDOWS + " clean windows of "
                + WINDOW_MILLIS / 60_000 + " min";
    }
}
