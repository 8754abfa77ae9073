package dev.scc.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How long what people ask with may be. A server refuses more than that with a sentence, before it is written. */
public final class RequestBounds {
    /** Labels that one node has. */
    public static final int MOST_LABELS = 100;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final int MOST_AT_ONCE = 50;
    private static final int LONGEST_LABEL = 100;
    private static final int LONGEST_REASON = 500;

    private RequestBounds() {}

    /** What is too long in it, or too many; empty if nothing is. */
    public static Optional<String> objection(Request request) {
        return switch (request) {
            case Request.Create create -> spec(create.spec());
            case Request.Cordon cordon -> tooLong("the reason", cordon.why(), LONGEST_REASON);
            case Request.Label label -> {
                List<String> words = Stream.of(label.set().keySet(), label.set().values(), label.remove())
                        .flatMap(Collection::stream)
                        .toList();
                yield tooMany("labels", label.set().size() + label.remove().size())
                        .or(() -> labels(words));
            }
            case Request.EniAttach attach ->
                tooMany("security groups", attach.groups().size());
            case Request.GroupApply apply -> tooMany("ENIs", apply.enis().size());
            case Request.Scale _,
                    Request.Delete _,
                    Request.Uncordon _,
                    Request.Collect _,
                    Request.Forget _,
                    Request.VpcCreate _,
                    Request.VpcDelete _,
                    Request.EniDetach _,
                    Request.EniMove _,
                    Request.GroupCreate _,
                    Request.GroupRuleChange _,
                    Request.GroupDelete _ -> Optional.empty();
        };
    }

    private static Optional<String> spec(ClusterSpec spec) {
        List<String> words = Stream.of(
                        spec.select().keySet(),
                        spec.select().values(),
                        spec.arrange().map(Arrange::label).stream().toList())
                .flatMap(Collection::stream)
                .toList();
        return tooMany("labels to select by", spec.select().size())
                .or(() -> labels(words))
                .or(() -> tooMany("users", spec.users().size()))
                .or(() -> tooLong("the name of the VPC", spec.vpcName(), LONGEST_LABEL));
    }

    private static Optional<String> labels(List<String> words) {
        return words.stream()
                .flatMap(word -> tooLong("a label", word, LONGEST_LABEL).stream())
                .findFirst();
    }

    private static Optional<String> tooMany(String what, int count) {
        return count > MOST_AT_ONCE
                ? Optional.of(count + " " + what + " are too many at once; " + MOST_AT_ONCE + " may be")
                : Optional.empty();
    }

    private static Optional<String> tooLong(String what, String text, int longest) {
        return text.length() > longest
                ? Optional.of(what + " has " + text.length() + " characters, and may have " + longest)
                : Optional.empty();
    }

    /** Why a request cannot go by that id, which is a name in the tree; empty if it can. */
    public static Optional<String> objection(String id) {
        return ID.matcher(id).matches()
                ? Optional.empty()
                : Optional.of(
                        "an id of a request has 1 to 64 letters, digits, dots, hyphens and underscores, and begins with a"
                                + " letter or a digit");
    }
}
