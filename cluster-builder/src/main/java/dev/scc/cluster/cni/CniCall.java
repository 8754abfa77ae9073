package dev.scc.cluster.cni;

import dev.scc.cluster.Attachment;
import dev.scc.vpc.NamespaceFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a runtime has said, as {@code scc-cni.c} passes it on.
 *
 * @param command such as {@code ADD}
 * @param args {@code NAME=VALUE} with semicolons between several
 * @param config the network's configuration, as it was
 */
record CniCall(String command, String container, String device, String namespace, String args, String config) {
    private static final String HELLO = "scc-cni 1";
    private static final int LONGEST_WORD = 4 << 10;
    private static final int LONGEST_CONFIG = 1 << 20;
    private static final Pattern ARG = Pattern.compile("(?:^|;)([A-Za-z0-9_]+)=([^;]*)");

    /** @throws IOException if the caller does not say all of it, or says what nobody understands */
    static CniCall read(InputStream input) throws IOException {
        if (!line(input).equals(HELLO)) {
            throw new IOException("the caller is no scc-cni of this version");
        }
        return new CniCall(
                text(input, LONGEST_WORD),
                text(input, LONGEST_WORD),
                text(input, LONGEST_WORD),
                text(input, LONGEST_WORD),
                text(input, LONGEST_WORD),
                text(input, LONGEST_CONFIG));
    }

    private static String text(InputStream input, int longest) throws IOException {
        String digits = line(input);
        if (!digits.matches("[0-9]{1,7}") || Integer.parseInt(digits) > longest) {
            throw new IOException("a word of the caller's is longer than " + longest + " bytes");
        }
        byte[] bytes = input.readNBytes(Integer.parseInt(digits));
        if (bytes.length < Integer.parseInt(digits)) {
            throw new EOFException("the caller did not end what it was saying");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String line(InputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0 || line.length() > HELLO.length()) {
                throw new EOFException("the caller did not end its line");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private Optional<String> arg(String name) {
        Matcher matcher = ARG.matcher(args);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return Optional.of(matcher.group(2)).filter(value -> !value.isEmpty());
            }
        }
        return Optional.empty();
    }

    /** The address that the arguments ask for; empty if they do not. */
    Optional<String> address() {
        return arg("IP");
    }

    /** What the runtime knows the interface by. A pod of Kubernetes keeps its name when its containers are made anew. */
    Attachment attachment(String network) throws CniFailed {
        String name = arg("K8S_POD_NAME")
                .map(pod -> arg("K8S_POD_NAMESPACE").orElse("") + "/" + pod)
                .orElse(container);
        try {
            return new Attachment(network, container, device, name);
        } catch (IllegalArgumentException e) {
            throw new CniFailed(CniFailed.Code.BAD_ENVIRONMENT, String.valueOf(e.getMessage()));
        }
    }

    NamespaceFile file() throws CniFailed {
        try {
            return new NamespaceFile(namespace);
        } catch (IllegalArgumentException e) {
            throw new CniFailed(CniFailed.Code.BAD_ENVIRONMENT, "CNI_NETNS: " + e.getMessage());
        }
    }
}
