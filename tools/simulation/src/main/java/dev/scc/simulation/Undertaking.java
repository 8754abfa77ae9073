package dev.scc.simulation;

/** What is under way when something happens. */
enum Undertaking {
    CREATE,
    FAILED_CREATE,
    /** What is built on one machine is in its way to ZooKeeper. */
    CUTTING_CREATE,
    SCALE_UP,
    SCALE_DOWN,
    REPAIR,
    DELETE
}
