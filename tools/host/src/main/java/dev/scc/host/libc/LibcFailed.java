package dev.scc.host.libc;

import java.io.IOException;

/** A call of the C library that said no. The message names the call, what it was about, and the reason in the system's words. */
public final class LibcFailed extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    LibcFailed(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
