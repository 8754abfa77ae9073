package dev.scc.cluster.controller;

/** Another controller has begun an epoch: this one may write no more. */
final class Deposed extends Exception {
    private static final long serialVersionUID = 1L;

    Deposed(long epoch) {
        super("epoch " + epoch + " is over");
    }
}
