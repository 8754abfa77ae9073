package dev.scc.testbed;

import dev.scc.host.FileTree;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian's generic kernel, fetched as a package and unpacked here, never installed: an installed one would appear in the
 * machine's boot menu. A kernel is in the cache whole or not at all: it is unpacked beside its place and renamed into it.
 * Once there it is used until it is deleted.
 */
final class KernelCache {
    private static final String META_PACKAGE = "linux-image-amd64";
    private static final Pattern DEPENDS = Pattern.compile("Depends: (linux-image-(\\d\\S*))");
    private static final String PARTIAL = ".partial";
    private static final Duration DOWNLOAD = Duration.ofMinutes(10);
    private static final Duration UNPACK = Duration.ofMinutes(3);
    private static final String NEXT =
            "Check that apt-get reaches a Debian mirror (apt-get download " + META_PACKAGE + "), then try again";
    // A file lock is held by the whole JVM, so threads need one of their own.
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final Path directory;
    private final Commands commands;

    KernelCache(Path directory, Commands commands) {
        this.directory = directory;
        this.commands = commands;
    }

    /** The newest kernel in the cache; if there is none, it is fetched. */
    Kernel get(Consumer<Progress> progress) throws TestbedFailed {
        THREADS.lock();
        try {
            Files.createDirectories(directory);
            Path lock = directory.resolve(".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Released with the channel.
                if (channel.lock() == null) {
                    throw new IOException("cannot lock " + lock);
                }
                Optional<Kernel> cached = newest();
                return cached.isPresent() ? cached.get() : fetch(progress);
            }
        } catch (IOException e) {
            throw new TestbedFailed(
                    "cannot use the kernel cache " + directory,
                    e.toString(),
                    "Make the directory writable, or set XDG_CACHE_HOME");
        } finally {
            THREADS.unlock();
        }
    }

    private Optional<Kernel> newest() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> !path.getFileName().toString().startsWith("."))
                    .filter(Files::isDirectory)
                    .max(Comparator.comparingLong(path -> path.toFile().lastModified()))
                    .map(KernelCache::unpacked)
                    .filter(Kernel::whole);
        }
    }

    private static Kernel unpacked(Path root) {
        String release = root.getFileName().toString();
        Path whole = root.resolve("vmlinux");
        Path image = Files.exists(whole) ? whole : root.resolve("vmlinuz");
        return new Kernel(release, image, root.resolve("lib/modules").resolve(release));
    }

    private Kernel fetch(Consumer<Progress> progress) throws TestbedFailed, IOException {
        Matcher found = versionedPackage();
        String pkg = found.group(1);
        String release = found.group(2);
        Path partial = directory.resolve("." + release + PARTIAL);
        Path place = directory.resolve(release);
        FileTree.remove(partial); // A killed download's.
        Files.createDirectories(partial);
        try {
            progress.accept(new Progress.Note("fetching the kernel package " + pkg + " into " + directory));
            download(pkg, partial);
            unpack(release, partial);
            FileTree.remove(place); // One that someone deleted in part.
            Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (CommandFailed e) {
            throw new TestbedFailed("cannot fetch the guests' kernel " + pkg, String.valueOf(e.getMessage()), NEXT);
        } finally {
            FileTree.remove(partial);
        }
        return unpacked(place);
    }

    private Matcher versionedPackage() throws TestbedFailed {
        try {
            Matcher known = versionIn(commands.run(Command.of("apt-cache", "depends", META_PACKAGE)));
            if (known.find()) {
                return known;
            }
            update();
            Matcher updated = versionIn(commands.run(Command.of("apt-cache", "depends", META_PACKAGE)));
            if (updated.find()) {
                return updated;
            }
            throw new CommandFailed("apt-cache knows no package " + META_PACKAGE + ", after apt-get update too");
        } catch (CommandFailed e) {
            throw new TestbedFailed("cannot find the guests' kernel package", String.valueOf(e.getMessage()), NEXT);
        }
    }

    private static Matcher versionIn(CommandResult depends) {
        return DEPENDS.matcher(depends.output());
    }

    private void update() throws CommandFailed {
        commands.check(Command.of("apt-get", "-q", "update").within(DOWNLOAD));
    }

    private void download(String pkg, Path into) throws CommandFailed {
        // Root may write here, apt's own user may not.
        Command get = Command.of(
                        "env", "-C", into.toString(), "apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", pkg)
                .within(DOWNLOAD);
        if (!commands.run(get).ok()) {
            update(); // Package lists that are too old name files that a mirror has no more.
            commands.check(get);
        }
    }

    private void unpack(String release, Path root) throws CommandFailed, IOException {
        Path archive = onlyArchive(root);
        commands.check(Command.of("dpkg-deb", "-x", archive.toString(), root.toString())
                .within(UNPACK));
        commands.check(Command.of("depmod", "-b", root.toString(), release).within(UNPACK));
        Path compressed = root.resolve("boot/vmlinuz-" + release);
        Optional<byte[]> payload = BzImage.xzPayload(Files.readAllBytes(compressed));
        if (payload.isPresent() && extract(payload.get(), root)) {
            Files.delete(compressed);
        } else {
            Files.move(compressed, root.resolve("vmlinuz"));
        }
        Files.delete(archive);
        FileTree.remove(root.resolve("boot"));
        FileTree.remove(root.resolve("usr"));
    }

    private boolean extract(byte[] payload, Path root) throws IOException {
        Path file = root.resolve("vmlinux.xz");
        Files.write(file, payload);
        try {
            return commands.run(Command.of("xz", "-d", file.toString()).within(UNPACK))
                    .ok();
        } catch (CommandFailed e) {
            return false; // No xz here: the self-extracting image boots as well, only later.
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Path onlyArchive(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> archives =
                    entries.filter(path -> path.toString().endsWith(".deb")).toList();
            if (archives.size() != 1) {
                throw new NoSuchFileException(
                        directory + "/*.deb", null, "the download left " + archives.size() + " packages");
            }
            return archives.getFirst();
        }
    }
}
