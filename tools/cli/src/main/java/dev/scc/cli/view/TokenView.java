package dev.scc.cli.view;

/**
 * A token that was made.
 *
 * @param principal whom it lets in, such as {@code node:n7}
 * @param token a secret
 * @param ends until when, in UTC
 */
public record TokenView(String principal, String token, String ends) implements View {}
