package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The MPI that a command is linked with, which decides how it is started. */
public enum MpiFamily {
    OPENMPI,
    MPICH,
    /** Not an MPI, and in an MPI's place: PyTorch's own way for ranks to find each other. Nothing shows it beforehand. */
    TORCH,
    NONE;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static MpiFamily of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
