package dev.scc.cli.view;

import java.util.List;

/**
 * The roots that a pool trusts.
 *
 * @param rotation in words, where the latest replacement of one is; empty if there was none
 * @param behind whom it waits for, such as {@code node:n7}
 */
public record RootsView(List<Row> roots, String rotation, List<String> behind) implements View {
    public RootsView {
        roots = List.copyOf(roots);
        behind = List.copyOf(behind);
    }

    /**
     * One of them.
     *
     * @param root {@code servers} or {@code members}
     * @param fingerprint its SHA-256 in hexadecimal digits
     * @param state {@code signs} or {@code trusted}
     * @param ends until when, in UTC
     */
    public record Row(String root, String fingerprint, String state, String ends) {}
}
