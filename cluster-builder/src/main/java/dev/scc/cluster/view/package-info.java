/**
 * Answers about the pool as records, as the servers make them. What commands print as tables and as JSON, and what the API
 * carries, are these. Their JSON form is a contract with scripts.
 */
@NullMarked
package dev.scc.cluster.view;

import org.jspecify.annotations.NullMarked;
