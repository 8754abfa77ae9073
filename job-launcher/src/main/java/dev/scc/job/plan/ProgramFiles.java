package dev.scc.job.plan;

import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The files of programs, looked at with the rights of whoever is to run them. */
public interface ProgramFiles {

    /**
     * Opens a regular file for reading.
     *
     * @throws IOException if it is something else, or those rights do not suffice
     */
    FileChannel open(Path file) throws IOException;

    /** Runs the dynamic linker. */
    Commands commands();

    /** With the rights of this process. */
    record Own() implements ProgramFiles {
        @Override
        public FileChannel open(Path file) throws IOException {
            return FileChannel.open(file);
        }

        @Override
        public Commands commands() {
            return new LocalCommands();
        }
    }
}
