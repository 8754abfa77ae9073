package dev.scc.simulation;

/** What is under way when something happens. */
enum Undertaking {
    CREATE,
    FAILED_CREATE,
    SCALE_UP,
    SCALE_DOWN,
    REPAIR,
    DELETE
}
