package dev.scc.cluster.trust;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Has the operator's program sign with the keys of the roots, which are wherever it has them: {@code PROGRAM key ROOT} prints the
 * public one in PEM, {@code PROGRAM sign ROOT} gets the bytes that are to be signed on standard input, in base64, and prints the
 * signature by that key over their SHA-256, in base64. ROOT is {@code servers} or {@code members}. Exit status 0 means that it
 * was done; with any other one the last lines of standard error are the reason. What is printed is checked against the key.
 * Thread-safe.
 */
public final class SignerProgram {
    /** Then it is killed. */
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final int AT_ONCE = 4;
    private static final int CHALLENGE = 64;

    private final Commands commands;
    private final Path program;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    public SignerProgram(Commands commands, Path program) {
        this.commands = commands;
        this.program = program;
    }

    /** The public key of a root. @throws IOException if the program fails or prints something else */
    public PublicKey key(Root root) throws IOException {
        String printed = run(Command.of(program.toString(), "key", root.toString()));
        try {
            return Pem.publicKey(printed);
        } catch (IOException e) {
            throw new IOException(said("key", root, "prints no public key in PEM: " + e.getMessage()), e);
        }
    }

    /** @throws IOException if the program does not have the private keys of both roots */
    public void check() throws IOException {
        byte[] challenge = new byte[CHALLENGE];
        new SecureRandom().nextBytes(challenge);
        for (Root root : Root.values()) {
            sign(root, key(root), challenge, "check", Duration.ZERO);
        }
        if (Arrays.equals(key(Root.SERVERS).getEncoded(), key(Root.MEMBERS).getEncoded())) {
            throw new IOException(program + " has the same key for both roots: whoever is a member would be a server");
        }
    }

    /**
     * The signature of some bytes.
     *
     * @param key that has to have made it
     * @param who what the bytes are a certificate for, for the program's own records ({@code SCC_FOR})
     * @param life how long that is to last ({@code SCC_SECONDS})
     * @throws IOException if the program fails, or prints something else
     */
    byte[] sign(Root root, PublicKey key, byte[] bytes, String who, Duration life) throws IOException {
        String printed = run(Command.of(program.toString(), "sign", root.toString())
                .withInput(Base64.getEncoder().encodeToString(bytes) + "\n")
                .withEnvironment(Map.of("SCC_FOR", who, "SCC_SECONDS", String.valueOf(life.toSeconds()))));
        byte[] signature;
        try {
            signature = Base64.getMimeDecoder().decode(printed.strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(said("sign", root, "prints no base64"), e);
        }
        try {
            Signature verifier = Signature.getInstance(algorithm(key));
            verifier.initVerify(key);
            verifier.update(bytes);
            if (verifier.verify(signature)) {
                return signature;
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(said("sign", root, "prints no signature: " + e.getMessage()), e);
        }
        throw new IOException(said("sign", root, "prints no signature of that by the root's key"));
    }

    /** By which a key signs. */
    static String algorithm(PublicKey key) throws IOException {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default ->
                throw new IOException("keys of roots are of RSA or of an elliptic curve, not " + key.getAlgorithm());
        };
    }

    private String said(String verb, Root root, String what) {
        return program + " " + verb + " " + root + " " + what;
    }

    private String run(Command command) throws IOException {
        try {
            turns.acquire();
            try {
                return commands.check(command.within(DEADLINE));
            } finally {
                turns.release();
            }
        } catch (CommandFailed e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program + " was waited for", e);
        }
    }

    @Override
    public String toString() {
        return program.toString();
    }
}
