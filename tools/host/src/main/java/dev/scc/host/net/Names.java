package dev.scc.host.net;

import java.util.regex.Pattern;

/** Names of interfaces as we accept them: what the kernel allows, less what has a meaning in a batch file of iproute2. */
final class Names {
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_.:-]{1,15}");

    private Names() {}

    static boolean legal(String name) {
        return LEGAL.matcher(name).matches();
    }

    private static final int LAST_PORT = 65_535;

    static void checkPort(int port) {
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("UDP port " + port + " is not within 0 to " + LAST_PORT);
        }
    }

    static void check(String name) {
        if (!legal(name)) {
            throw new IllegalArgumentException(
                    "link name \"" + name + "\" is not 1 to 15 letters, digits, dots, colons, hyphens and underscores");
        }
    }
}
