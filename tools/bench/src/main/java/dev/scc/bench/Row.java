package dev.scc.bench;

/**
 * One line of a benchmark's table.
 *
 * @param ours what scc took
 * @param other what it is compared with: a floor, another tool, or the target itself
 * @param ratio ours / other
 * @param target what {@code ratio} or {@code ours} is to be, in words
 */
public record Row(String what, double ours, double other, double ratio, String target, boolean met) {}
