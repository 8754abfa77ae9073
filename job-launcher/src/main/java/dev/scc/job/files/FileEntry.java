package dev.scc.job.files;

import java.nio.file.Path;

/** One thing below a folder. Its path is relative to that, and has neither empty parts nor "." nor "..". */
sealed interface FileEntry {
    /** Letters that stand for them in the stream, which {@link #END} ends. */
    int DIRECTORY = 'd';

    int FILE = 'f';
    int LINK = 'l';
    int END = 'e';

    /** Of the mode what a stream carries: neither set-user-id, nor set-group-id, nor the sticky bit. */
    int MODE = 0777;

    String path();

    record Directory(String path, int mode) implements FileEntry {}

    /** @param from where its bytes are */
    record Content(String path, int mode, long bytes, Path from) implements FileEntry {}

    record Link(String path, String target) implements FileEntry {}

    /** @throws IllegalArgumentException if that is no path of something below a folder */
    static String checkedPath(String path) {
        if (path.isEmpty() || path.length() > FileLimits.LONGEST_PATH || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path of " + path.length() + " characters is none of a file to copy");
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("\"" + path + "\" does not stay below the folder that is copied");
            }
        }
        return path;
    }

    /** @throws IllegalArgumentException if the link at that path leads out of the folder */
    static String checkedTarget(String path, String target) {
        int depth = path.split("/", -1).length - 1;
        boolean out = target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0;
        for (String part : target.split("/", -1)) {
            depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
            out |= depth < 0;
        }
        if (out || target.length() > FileLimits.LONGEST_PATH) {
            throw new IllegalArgumentException(
                    "the link " + path + " leads to " + target + ", out of the folder that is copied");
        }
        return target;
    }
}
