package dev.scc.job;

/** The kernel's error numbers that a start of a process can fail with. */
final class Errno {
    static final int ENOENT = 2;
    static final int ENOTDIR = 20;

    private Errno() {}

    static String text(int errno) {
        return switch (errno) {
            case ENOENT -> "No such file or directory";
            case 7 -> "Argument list too long";
            case 8 -> "Exec format error";
            case 11 -> "Resource temporarily unavailable";
            case 12 -> "Cannot allocate memory";
            case 13 -> "Permission denied";
            case ENOTDIR -> "Not a directory";
            default -> "error number " + errno;
        };
    }
}
