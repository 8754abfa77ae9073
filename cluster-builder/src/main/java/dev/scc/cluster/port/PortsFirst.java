package dev.scc.cluster.port;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.Verifier;
import dev.scc.fabric.port.SwitchPort.Allowed;
import dev.scc.fabric.verify.Pattern;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Verifies a cluster when the switch ports of all its members are set, and says which is not if one cannot be. */
public final class PortsFirst implements Verifier {
    /** A port that has failed for so long holds its cluster up no longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PortActuator ports;
    private final Verifier verifier;

    public PortsFirst(PortActuator ports, Verifier verifier) {
        this.ports = ports;
        this.verifier = verifier;
    }

    @Override
    public Optional<VerificationResult> result(String session, Roster roster, Pattern pattern) {
        if (pattern == Pattern.OFF) {
            // The VPC is not on the segment.
            return verifier.result(session, roster, pattern);
        }
        boolean all = true;
        for (Member member : roster.members()) {
            if (!ports.isSet(member.node(), new Allowed(roster.segment().vlan(), member.rdmaAddress()))) {
                all = false;
                Optional<String> hopeless = ports.trouble(member.node())
                        .filter(trouble -> System.nanoTime() - trouble.since() > PATIENCE.toNanos())
                        .map(PortActuator.Trouble::why);
                if (hopeless.isPresent()) {
                    return Optional.of(new VerificationResult.CannotVerify(
                            Optional.of(member.node()), "its switch port is not set: " + hopeless.get()));
                }
            }
        }
        return all ? verifier.result(session, roster, pattern) : Optional.empty();
    }

    @Override
    public void retain(Collection<String> sessions) {
        verifier.retain(sessions);
    }
}
