package dev.scc.simulation.bugs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A piece of a source, whatever white space is between its words. */
final class Passage {
    private final Pattern pattern;

    Passage(String text) {
        this.pattern = Pattern.compile(
                Stream.of(text.strip().split("\\s+")).map(Pattern::quote).collect(Collectors.joining("\\s+")));
    }

    /** Empty unless it occurs exactly once. */
    Optional<String> replace(String source, String by) {
        Matcher matcher = pattern.matcher(source);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String changed = source.substring(0, matcher.start()) + by.strip() + source.substring(matcher.end());
        return matcher.find() ? Optional.empty() : Optional.of(changed);
    }
}
