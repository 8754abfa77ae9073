package dev.scc.job.pmi;

/** The way to one connected rank. */
public interface PmiPeer {

    /** Sends a line, given without its newline. A rank that is gone is no error: its end is noticed elsewhere. */
    void send(String line);

    /** Breaks the connection: the rank does not speak the protocol. */
    void drop(String why);
}
