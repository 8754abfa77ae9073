package dev.scc.cli.view;

/** How long one phase took. */
public record PhaseTime(String name, long millis) {}
