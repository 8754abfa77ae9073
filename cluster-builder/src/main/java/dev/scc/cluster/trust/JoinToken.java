package dev.scc.cluster.trust;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What lets one process or person in, once: whom it makes of him, by which root he knows the servers, and a secret. As text it
 * is one word.
 *
 * @param servers where a server is, as {@code HOST:PORT} with commas between several
 * @param root of servers
 * @param secret of 256 bits, in hexadecimal digits
 */
public record JoinToken(Principal principal, String servers, Fingerprint root, String secret) {
    private static final String VERSION = "scc1.";
    private static final int SECRET_BYTES = 32;
    private static final int PARTS = 4;
    private static final int LONGEST = 2048;
    private static final Pattern SECRET = Pattern.compile("[0-9a-f]{64}");

    /** One with a new secret. */
    public static JoinToken create(Principal principal, String servers, Fingerprint root) {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new JoinToken(principal, servers, root, HexFormat.of().formatHex(secret));
    }

    /** The command by which an administrator makes a token for somebody, for messages. A keeper comes in by its node's. */
    public static String command(Principal who) {
        String option = switch (who.role()) {
            case SERVER -> "--server ";
            case NODE, KEEPER -> "--node ";
            case ADMIN, OPERATOR, USER, VIEWER -> "--user ";
        };
        return "scc token create " + option + who.name();
    }

    /**
     * What {@link #text} wrote.
     *
     * @throws IllegalArgumentException if that is no token; the message does not repeat it
     */
    public static JoinToken parse(String text) {
        String word = text.strip();
        if (!word.startsWith(VERSION) || word.length() > LONGEST) {
            throw new IllegalArgumentException("that is no token: one begins with " + VERSION);
        }
        List<String> parts;
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(word.substring(VERSION.length()));
            parts = List.of(new String(decoded, StandardCharsets.UTF_8).split("\n", -1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the token is damaged: was all of it copied?");
        }
        if (parts.size() != PARTS || !SECRET.matcher(parts.get(3)).matches()) {
            throw new IllegalArgumentException("the token is damaged: was all of it copied?");
        }
        return new JoinToken(
                Principal.parse(parts.get(0)).orElseThrow(() -> new IllegalArgumentException("the token names nobody")),
                parts.get(1),
                new Fingerprint(parts.get(2)),
                parts.get(3));
    }

    /** As people pass it on. Whoever has it may come in as {@link #principal}. */
    public String text() {
        String content = principal + "\n" + servers + "\n" + root.hex() + "\n" + secret;
        return VERSION
                + Base64.getUrlEncoder().withoutPadding().encodeToString(content.getBytes(StandardCharsets.UTF_8));
    }

    /** By which a server knows the secret again, which it does not keep. */
    public Fingerprint hash() {
        return hash(secret);
    }

    /** The same of a secret alone. */
    public static Fingerprint hash(String secret) {
        return Fingerprint.of(("scc token " + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "token for " + principal;
    }
}
