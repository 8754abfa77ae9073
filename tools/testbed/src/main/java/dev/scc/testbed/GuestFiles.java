package dev.scc.testbed;

/** The names of a guest's files in its directory. */
final class GuestFiles {
    static final String INITRAMFS = "initramfs.cpio";
    static final String CONSOLE = "console.log";
    static final String AGENT = "agent.log";
    static final String QEMU = "qemu.log";

    /** Where its QEMU, and nobody else, has the guest's root. */
    static final String ROOT = "root";

    private GuestFiles() {}
}
