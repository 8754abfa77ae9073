package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** An elastic network interface's name, such as {@code eni-5f0c12ab}. */
public record EniId(@JsonValue String value) implements Comparable<EniId> {
    /** How all of them begin. */
    public static final String PREFIX = "eni-";

    private static final Pattern LEGAL = Pattern.compile("eni-[0-9a-f]{8}");

    @JsonCreator
    public EniId {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException("\"" + value + "\" is no ENI such as eni-5f0c12ab");
        }
    }

    /** The one that a request makes: the same each time that it is asked. */
    public static EniId of(String request) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8));
            return new EniId(PREFIX + HexFormat.of().formatHex(hash, 0, 4));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public int compareTo(EniId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
