package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * Something that went wrong, in full.
 *
 * @param what failed, such as {@code create demo}
 * @param node where, if it was on one
 * @param step which of its steps, if it was one
 * @param why the first cause
 * @param done what was done about it
 * @param next what to do now; may be empty
 * @param left what is left behind, with the nodes; empty if nothing is
 */
public record Failure(
        String what,
        Optional<NodeName> node,
        Optional<Step> step,
        String why,
        String done,
        String next,
        List<String> left) {
    public Failure {
        left = List.copyOf(left);
    }

    /** In what it went wrong. Written as its title. */
    public sealed interface Step {
        @JsonValue
        String title();

        @JsonCreator
        static Step of(String title) {
            return switch (title) {
                case Verification.TITLE -> new Verification();
                case VpcProbes.TITLE -> new VpcProbes();
                default -> new OfNode(title);
            };
        }
    }

    /** The verification of the fabric: it does not work, or nothing can be said of it. */
    public record Verification() implements Step {
        private static final String TITLE = "verify";

        @Override
        public String title() {
            return TITLE;
        }
    }

    /** The probes of the VPC: packets do not pass, or not all sizes. */
    public record VpcProbes() implements Step {
        private static final String TITLE = "probe VPC";

        @Override
        public String title() {
            return TITLE;
        }
    }

    /** What a node has to do for its cluster, such as {@code add link:eni0}. */
    public record OfNode(String title) implements Step {}

    /** Whether it was the fabric or the VPC that did not work, and not a node's part of it. */
    public boolean ofVerification() {
        return step.filter(which -> switch (which) {
                    case Verification _, VpcProbes _ -> true;
                    case OfNode _ -> false;
                })
                .isPresent();
    }

    public static Failure of(String what, String why) {
        return new Failure(what, Optional.empty(), Optional.empty(), why, "", "", List.of());
    }

    public Failure at(NodeName where, Step which) {
        return new Failure(what, Optional.of(where), Optional.of(which), why, done, next, left);
    }

    /** In this step, and nobody knows on which node. */
    public Failure in(Step which) {
        return new Failure(what, node, Optional.of(which), why, done, next, left);
    }

    /** With one more thing to say about why. */
    public Failure adding(String addition) {
        return new Failure(what, node, step, why + "; " + addition, done, next, left);
    }

    /** With this to do about it, unless more is known by its end. */
    public Failure advising(String whatNext) {
        return new Failure(what, node, step, why, done, whatNext, left);
    }

    public Failure ending(String whatWasDone, String whatNext, List<String> whatIsLeft) {
        return new Failure(what, node, step, why, whatWasDone, whatNext, whatIsLeft);
    }
}
