package dev.scc.job.node;

import dev.scc.host.command.Command;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.libc.Descriptor;
import dev.scc.host.libc.FileRights;
import dev.scc.job.RunAs;
import dev.scc.job.plan.ProgramFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Files of this node as the user of a job may see them: paths come from that user, and its files may change between two
 * looks.
 */
public final class UserFiles implements ProgramFiles {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final NodeSettings settings;
    private final JobUser user;

    UserFiles(NodeSettings settings, JobUser user) {
        this.settings = settings;
        this.user = user;
    }

    /**
     * Those of a job's user.
     *
     * @throws IOException if this node has no such account
     */
    public static ProgramFiles of(NodeSettings settings, RunAs as) throws IOException {
        return new UserFiles(settings, settings.user(as));
    }

    /** {@inheritDoc} What it is, is asked of what has been opened: a path may lead elsewhere a moment later. */
    @Override
    public FileChannel open(Path file) throws IOException {
        try (Descriptor opened = inside(() -> Descriptor.withoutWaiting(file))) {
            if (!Files.isRegularFile(opened.path())) {
                throw new FileSystemException(file.toString(), null, "is no regular file");
            }
            return FileChannel.open(opened.path());
        }
    }

    /** The same, where the caller has the user's rights already. A link is not followed, and a FIFO not waited for. */
    FileChannel opened(Path file) throws IOException {
        try (Descriptor opened = Descriptor.ownFile(file)) {
            if (!Files.isRegularFile(opened.path())) {
                throw new FileSystemException(file.toString(), null, "is no regular file any more");
            }
            return FileChannel.open(opened.path());
        }
    }

    /** Whether the user may work in that directory. */
    boolean hasDirectory(String directory) throws IOException {
        try (Descriptor _ = inside(() -> Descriptor.directory(directory + "/."))) {
            return true;
        }
    }

    /**
     * Makes a directory as the user where there is none, in one that is there.
     *
     * @throws IOException if that does not work, or the user can make no files in it
     */
    void makeDirectory(Path directory) throws IOException {
        Path _ = inside(() -> {
            try {
                Files.createDirectory(directory, PRIVATE);
            } catch (FileAlreadyExistsException e) {
                // From the time before, or by another node that has the same file system; what it is shows next.
            }
            Path trial = Files.createTempFile(directory, ".scc-", "");
            Files.delete(trial);
            return directory;
        });
    }

    private <T> T inside(Looking<T> looking) throws IOException {
        if (user.rights().isEmpty()) {
            return looking.look();
        }
        FileRights rights = user.rights().get();
        try {
            return rights.inside(looking::look);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a file was looked for");
        }
    }

    /** Does something with the user's rights. */
    @FunctionalInterface
    private interface Looking<T> {
        T look() throws IOException;
    }

    /** {@inheritDoc} A process of the user's. Variables of the job are not for it: they would take effect before it is one. */
    @Override
    public Commands commands() {
        LocalCommands local = new LocalCommands();
        return command -> {
            List<String> argv = new ArrayList<>(List.of(settings.tools().exec().toString()));
            argv.addAll(user.words());
            argv.add("--");
            argv.addAll(command.argv());
            return local.run(new Command(argv, command.input(), command.environment(), command.deadline()));
        };
    }
}
