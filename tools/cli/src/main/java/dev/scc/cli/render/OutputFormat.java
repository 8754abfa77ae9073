package dev.scc.cli.render;

/** The forms that an answer can take; the command line's {@code -o}. */
public enum OutputFormat {
    table,
    json,
    yaml,
    name
}
