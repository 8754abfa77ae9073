package dev.scc.cluster;

/**
 * The text of a node's ephemeral entry, and of its wish to be enrolled.
 *
 * @param instance tells this agent's data directory from any other's, so that two machines cannot be one node
 */
public record Alive(String instance) {}
