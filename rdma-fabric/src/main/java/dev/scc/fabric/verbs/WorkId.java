package dev.scc.fabric.verbs;

/** The numbers that work requests carry, by which their completions are told apart. */
final class WorkId {
    static final long SEND = 1;
    static final long WRITE = 2;
    static final long READ = 3;
    /** Of the first receive slot; the others follow. */
    static final long RECEIVE = 16;

    private WorkId() {}

    static String name(long id) {
        if (id >= RECEIVE) {
            return "RECV";
        }
        return id == SEND ? "SEND" : id == WRITE ? "RDMA WRITE" : "RDMA READ";
    }
}
