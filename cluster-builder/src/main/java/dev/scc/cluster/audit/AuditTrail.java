package dev.scc.cluster.audit;

import dev.scc.cluster.audit.AuditEntry.Ending;
import dev.scc.cluster.audit.AuditEntry.Fact;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.CallObserver;
import dev.scc.cluster.rpc.EndedCall;
import dev.scc.cluster.rpc.RefusedConnection;
import dev.scc.cluster.rpc.RpcFailed;
import java.util.OptionalLong;

/**
 * Tells an audit log of the calls that a server takes and refuses: of those that only look around, if their caller was not
 * entitled; and of connections that were refused. What one caller does too often is counted instead, so that he can neither fill the disk nor drive others out.
 * Thread-safe.
 */
public final class AuditTrail implements CallObserver {
    private static final String LEFT_OUT = "scc.Audit/LeftOut";

    /** As an entry that tells of somebody who was not let in. */
    private static final String CONNECT = "scc.Connection/Open";

    private final AuditLog log;
    private final Scope scope;

    /** Whose calls they are. */
    private enum Scope {
        /** All that change something, and refusals. */
        SERVER,
        /** Refusals, and those of which their method says what they are about: thousands of others keep jobs alive. */
        NODE;

        boolean tells(EndedCall call, Ending ending) {
            return ending == Ending.NOT_ENTITLED
                    || switch (this) {
                        case SERVER -> call.access() != Access.READERS;
                        case NODE -> !call.about().isEmpty();
                    };
        }
    }

    /** What was done is told in full, but for what no pool does; else a flood of trifles hides one thing that is none. */
    private final Allowances ofDone = new Allowances(5_000, 500);

    private final Allowances ofOthers = new Allowances(50, 5);

    private AuditTrail(AuditLog log, Scope scope) {
        this.log = log;
        this.scope = scope;
    }

    /** That of a server. */
    public AuditTrail(AuditLog log) {
        this(log, Scope.SERVER);
    }

    /** That of an agent, or of a keeper of jobs. */
    static AuditTrail ofNode(AuditLog log) {
        return new AuditTrail(log, Scope.NODE);
    }

    @Override
    public void ended(EndedCall call) {
        Ending ending = call.failure().map(AuditTrail::ending).orElse(Ending.DONE);
        if (!scope.tells(call, ending)) {
            return;
        }
        OptionalLong leftOut = take(caller(call.caller().name(), call.caller().address()), ending);
        if (leftOut.isPresent()) {
            log.add(new Fact(
                    call.caller().name(),
                    call.caller().address(),
                    call.method(),
                    call.about(),
                    ending,
                    call.why(),
                    leftOut.getAsLong()));
        }
    }

    /** On a thread of its own: whoever reads connections must not wait for a disk. */
    @Override
    public void refused(RefusedConnection connection) {
        Thread.startVirtualThread(() -> tell(connection));
    }

    private void tell(RefusedConnection connection) {
        OptionalLong leftOut = take(caller(connection.who(), connection.address()), Ending.NOT_ENTITLED);
        if (leftOut.isPresent()) {
            log.add(new Fact(
                    connection.who(),
                    connection.address(),
                    CONNECT,
                    connection.door(),
                    Ending.NOT_ENTITLED,
                    connection.why(),
                    leftOut.getAsLong()));
        }
    }

    private synchronized OptionalLong take(String caller, Ending ending) {
        return (ending == Ending.DONE ? ofDone : ofOthers).take(caller, System.nanoTime());
    }

    /** Tells how many calls were left out of which no later entry has told. */
    void settle() {
        for (Allowances allowances : new Allowances[] {ofDone, ofOthers}) {
            settle(allowances);
        }
    }

    private synchronized void settle(Allowances allowances) {
        for (Allowances.LeftOut each : allowances.settle()) {
            log.add(new Fact(
                    each.caller(), "", LEFT_OUT, "", Ending.REFUSED, "too many calls to tell of each", each.entries()));
        }
    }

    /** Whoever has no certificate is told from others by his address. */
    private static String caller(String name, String address) {
        return name + "@" + address.substring(0, Math.max(0, address.lastIndexOf(':')));
    }

    private static Ending ending(RpcFailed.Kind kind) {
        return switch (kind) {
            case NOT_ENTITLED -> Ending.NOT_ENTITLED;
            case REFUSED, BUSY, INVALID, UNKNOWN_METHOD -> Ending.REFUSED;
            case CANCELLED -> Ending.LEFT;
            case UNREACHABLE, TIMED_OUT, FAILED -> Ending.FAILED;
        };
    }
}
