package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.regex.Pattern;

/** Whose rights the processes of a job have on the nodes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface RunAs {

    /**
     * Those of a Unix account that each node has, and that is not root's.
     *
     * @param name 1 to 32 characters; not a number, which would name an id
     */
    record Account(String name) implements RunAs {
        private static final Pattern LEGAL = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,30}\\$?");

        public Account {
            if (!LEGAL.matcher(name).matches()) {
                throw new IllegalArgumentException("\"" + name + "\" is not the name of a Unix account");
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The caller has no account on the nodes: those of the one that each node's settings name. */
    record Unmapped() implements RunAs {
        @Override
        public String toString() {
            return "nobody in particular";
        }
    }

    /** All rights, as an administrator asked for. */
    record Root() implements RunAs {
        @Override
        public String toString() {
            return "root";
        }
    }
}
