package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The MPI that a command is linked with, which decides how it is started. */
public enum MpiFamily {
    OPENMPI,
    MPICH,
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
