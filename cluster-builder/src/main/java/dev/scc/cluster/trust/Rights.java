package dev.scc.cluster.trust;

import dev.scc.host.Later;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a person may do beyond what his role says.
 *
 * @param clusters that he may use although others own them
 * @param unixUser who his jobs run as; empty for an account without rights
 * @param quota how many nodes his clusters may have together, if he is a user; empty for any number
 */
public record Rights(
        List<String> clusters,
        Optional<String> unixUser,
        @Later Optional<Integer> quota) {
    public static final Rights NONE = new Rights(List.of(), Optional.empty(), Optional.empty());

    /** As useradd(8) has them, so never a number, which would name an id. */
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,30}\\$?");

    public Rights {
        clusters = List.copyOf(clusters);
        unixUser.filter(name -> !ACCOUNT.matcher(name).matches()).ifPresent(name -> {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of a Unix account");
        });
        quota.filter(nodes -> nodes < 0).ifPresent(nodes -> {
            throw new IllegalArgumentException("quota: " + nodes + " is less than none");
        });
    }
}
