package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What starts the ranks of a job of Open MPI. */
public enum Launcher {
    /** We do, and they find each other through our PMIx servers. */
    PMIX,
    /** Open MPI's own. */
    MPIRUN;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Launcher of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
