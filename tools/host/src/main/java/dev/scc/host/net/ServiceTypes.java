package dev.scc.host.net;

import dev.scc.host.net.NetObject.DefaultTos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The types of service that rdma_cm gives to connections over this machine's RDMA devices, in configfs: see configfs-rdma_cm in the
 * kernel's ABI documentation. A value in the kernel has no mark, so a note tells that we have set it, and what was there before.
 * Notes are gone with a boot, as the values are.
 *
 * <p>Thread-safe.
 */
public final class ServiceTypes {
    private static final String UNKNOWN = "?";
    private static final String MADE = "made";

    private final Path configfs;
    private final Path notes;
    private final Directories directories;

    /** In configfs, a directory comes and goes with what is in it. */
    interface Directories {
        void make(Path path) throws IOException;

        void remove(Path path) throws IOException;
    }

    private static final Directories KERNEL = new Directories() {
        @Override
        public void make(Path path) throws IOException {
            Files.createDirectory(path);
        }

        @Override
        public void remove(Path path) throws IOException {
            Files.delete(path);
        }
    };

    /**
     * What is noted of a device.
     *
     * @param before the value; empty if it was not known yet
     * @param made whether its directory is ours
     */
    private record Note(Optional<Integer> before, boolean made) {
        static Note parse(String text) throws IOException {
            String[] words = text.strip().split(" ", -1);
            if (!words[0].matches("[0-9]{1,3}|\\?")) {
                throw new IOException("a note of a type of service begins with \"" + words[0] + "\"");
            }
            return new Note(
                    words[0].equals(UNKNOWN) ? Optional.empty() : Optional.of(Integer.valueOf(words[0])),
                    words.length > 1 && words[1].equals(MADE));
        }

        String text() {
            return before.map(String::valueOf).orElse(UNKNOWN) + (made ? " " + MADE : "") + "\n";
        }
    }

    ServiceTypes(Path configfs, Path notes, Directories directories) {
        this.configfs = configfs;
        this.notes = notes;
        this.directories = directories;
    }

    /** This machine's. */
    public static ServiceTypes local() {
        return new ServiceTypes(Path.of("/sys/kernel/config/rdma_cm"), Path.of("/run/scc/tos"), KERNEL);
    }

    /** Why they cannot be set on this machine; empty if they can. */
    public Optional<String> objection() {
        return Files.isDirectory(configfs)
                ? Optional.empty()
                : Optional.of(
                        "there is no " + configfs + " (modprobe rdma_cm; mount -t configfs none /sys/kernel/config)");
    }

    /** Those that are noted, with the value that is there now. */
    synchronized List<DefaultTos> observe() throws IOException {
        List<DefaultTos> all = new ArrayList<>();
        if (!Files.isDirectory(notes)) {
            return all;
        }
        try (Stream<Path> files = Files.list(notes)) {
            for (String device : files.map(file -> file.getFileName().toString())
                    .filter(DefaultTos::legal)
                    .sorted()
                    .toList()) {
                all.add(new DefaultTos(device, value(device).orElse(0)));
            }
        }
        return all;
    }

    /** Carries out the steps of a batch. */
    static void apply(Optional<ServiceTypes> types, List<Step> steps, Batch batch) throws StepFailed {
        for (int index = batch.from(); index < batch.to(); index++) {
            Step step = steps.get(index);
            if (types.isEmpty()) {
                throw new StepFailed(index, step, "the RDMA devices of this machine are not the node's");
            }
            try {
                types.get().change(step);
            } catch (IOException e) {
                throw new StepFailed(index, step, String.valueOf(e.getMessage()));
            }
        }
    }

    private synchronized void change(Step step) throws IOException {
        if (step.object() instanceof DefaultTos tos) {
            if (step instanceof Step.Add) {
                set(tos);
            } else {
                restore(tos.device());
            }
        }
    }

    private void set(DefaultTos tos) throws IOException {
        Optional<String> objection = objection();
        if (objection.isPresent()) {
            throw new IOException(objection.get());
        }
        Path directory = configfs.resolve(tos.device());
        Note note = note(tos.device()).orElse(new Note(Optional.empty(), !Files.isDirectory(directory)));
        if (note.before().isEmpty()) {
            // Noted before it is made: who is killed in between finds it.
            write(tos.device(), note);
        }
        if (!Files.isDirectory(directory)) {
            directories.make(directory);
        }
        if (note.before().isEmpty()) {
            int before = value(tos.device()).orElseThrow(() -> new IOException(file(tos.device()) + " cannot be read"));
            write(tos.device(), new Note(Optional.of(before), note.made()));
        }
        put(tos.device(), tos.tos());
    }

    /** Of a device that is gone there is nothing to restore; when it is back it begins with 0. */
    private void restore(String device) throws IOException {
        Optional<Note> note = note(device);
        if (note.isEmpty()) {
            return;
        }
        Optional<Integer> now = value(device);
        Optional<Integer> before = note.get().before();
        if (now.isPresent() && before.isPresent() && !now.equals(before)) {
            put(device, before.get());
        }
        if (note.get().made() && Files.isDirectory(configfs.resolve(device))) {
            directories.remove(configfs.resolve(device));
        }
        Files.deleteIfExists(notes.resolve(device));
    }

    private void put(String device, int tos) throws IOException {
        Files.writeString(file(device), tos + "\n", StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private Path file(String device) {
        return configfs.resolve(device).resolve("ports/1/default_roce_tos");
    }

    /** Empty if the device is not there. */
    private Optional<Integer> value(String device) {
        String text = "";
        try {
            text = Files.readString(file(device)).strip();
        } catch (IOException e) {
            // Its directory outlives the device, and has nothing to tell then.
        }
        return text.matches("[0-9]{1,3}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private Optional<Note> note(String device) throws IOException {
        String text;
        try {
            text = Files.readString(notes.resolve(device));
        } catch (NoSuchFileException e) {
            text = "";
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(Note.parse(text));
    }

    private void write(String device, Note note) throws IOException {
        Files.createDirectories(notes);
        Path next = notes.resolve("." + device);
        Files.writeString(next, note.text());
        Files.move(next, notes.resolve(device), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
