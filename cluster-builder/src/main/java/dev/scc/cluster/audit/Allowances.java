package dev.scc.cluster.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How many entries each caller may cause: so many at once, and so many a second afterwards. One that is left out is counted with
 * its caller. Not thread-safe.
 */
final class Allowances {
    private static final double NANOS = 1e9;

    /** Callers of whom something is known; of others who were left out only the number is. */
    private static final int MOST_CALLERS = 2048;

    private final int atOnce;
    private final int perSecond;
    private final LinkedHashMap<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);
    private long ofOthers;

    private static final class Account {
        private double left;
        private long nanos;
        private long leftOut;

        Account(double left, long nanos) {
            this.left = left;
            this.nanos = nanos;
        }
    }

    /** Callers of whom entries are missing. */
    record LeftOut(String caller, long entries) {}

    Allowances(int atOnce, int perSecond) {
        this.atOnce = atOnce;
        this.perSecond = perSecond;
    }

    /**
     * How many entries of this caller were left out since the last one; empty if this one is left out too.
     *
     * @param nanos a clock of which only differences count
     */
    OptionalLong take(String caller, long nanos) {
        Account account = accounts.computeIfAbsent(caller, _ -> new Account(atOnce, nanos));
        account.left = Math.min(atOnce, account.left + (nanos - account.nanos) / NANOS * perSecond);
        account.nanos = nanos;
        forget();
        if (account.left < 1) {
            account.leftOut++;
            return OptionalLong.empty();
        }
        account.left--;
        long before = account.leftOut;
        account.leftOut = 0;
        return OptionalLong.of(before);
    }

    private void forget() {
        if (accounts.size() > MOST_CALLERS) {
            Account idle = accounts.pollFirstEntry().getValue();
            ofOthers += idle.leftOut;
        }
    }

    /** All of whom entries are missing; from now on none are. */
    List<LeftOut> settle() {
        List<LeftOut> all = new ArrayList<>();
        for (Map.Entry<String, Account> each : accounts.entrySet()) {
            if (each.getValue().leftOut > 0) {
                all.add(new LeftOut(each.getKey(), each.getValue().leftOut));
                each.getValue().leftOut = 0;
            }
        }
        if (ofOthers > 0) {
            all.add(new LeftOut("others", ofOthers));
            ofOthers = 0;
        }
        return all;
    }
}
