package dev.scc.cli.acceptance;

/**
 * What classes of this suite wait for each other for. Those of different lanes run at the same time: guests spend most of it
 * booting and waiting. Within a lane there is one at a time, because more guests than one testbed has are too slow here.
 */
final class Lane {
    /** Testbeds of virtual machines. */
    static final String GUESTS = "guests";

    /** Testbeds without. */
    static final String NAMESPACES = "namespaces";

    private Lane() {}
}
