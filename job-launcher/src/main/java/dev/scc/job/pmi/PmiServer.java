package dev.scc.job.pmi;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The process management interface of one job: its key-value space and its barrier. Safe for use by several threads.
 *
 * <p>PMI-1 knows neither failures nor identities: whoever runs the job watches the processes, and says which ranks may
 * connect from where.
 */
public final class PmiServer {
    /** What a rank says when it wants the whole job to end. */
    public record Abort(int rank, int exitCode, String message) {}

    /** Hears what may decide about the job. Must not block. */
    public interface Listener {

        /** A rank has begun to use MPI. */
        void arrived(int rank);

        void aborted(Abort abort);
    }

    /** MPICH puts one to three, and few for all. */
    private static final int VALUES_OF_A_RANK = 8;

    private static final int MOST_COMMON_VALUES = 1_024;

    private static final String MAPPING = "PMI_process_mapping";

    private final String space;
    private final int size;
    private final Listener listener;
    private final Map<String, String> values = new HashMap<>();
    private final BitSet connected = new BitSet();
    private final BitSet unfinished = new BitSet();
    private final List<PmiPeer> atBarrier = new ArrayList<>();

    /**
     * A job's server.
     *
     * @param space the name of its key-value space; without spaces
     * @param size how many ranks the job has
     * @param mapping which ranks share a node, as MPICH's {@code PMI_process_mapping} attribute
     */
    public PmiServer(String space, int size, String mapping, Listener listener) {
        this.space = space;
        this.size = size;
        this.listener = listener;
        values.put(MAPPING, mapping);
    }

    /**
     * A new connection.
     *
     * @param allowed the ranks that may be at its other end
     */
    public PmiSession connect(Set<Integer> allowed, PmiPeer peer) {
        return new PmiSession(this, Set.copyOf(allowed), peer);
    }

    /** Whether the rank has started to use MPI and not finalized it: it may then not end, the others would wait for it. */
    public synchronized boolean unfinished(int rank) {
        return unfinished.get(rank);
    }

    String space() {
        return space;
    }

    int size() {
        return size;
    }

    /** False if the rank is connected already. */
    synchronized boolean claim(int rank) {
        if (connected.get(rank)) {
            return false;
        }
        connected.set(rank);
        return true;
    }

    void initialized(int rank) {
        synchronized (this) {
            unfinished.set(rank);
        }
        listener.arrived(rank);
    }

    synchronized void finalized(int rank) {
        unfinished.clear(rank);
    }

    /** False if the key has a value already, which PMI-1 does not let anyone change. */
    synchronized boolean put(String key, String value) {
        return values.putIfAbsent(key, value) == null;
    }

    /** Whether there is room for one more value: what ranks put here is in the memory of a keeper that has other jobs. */
    synchronized boolean hasRoom() {
        return values.size() < VALUES_OF_A_RANK * size + MOST_COMMON_VALUES;
    }

    /** The value, or "" where there is none: the wire form has no empty values. */
    synchronized String get(String key) {
        return values.getOrDefault(key, "");
    }

    void enterBarrier(PmiPeer peer) {
        // Sent outside the lock: a rank that is slow to read must not hold up those that put and get.
        arrive(peer).forEach(each -> each.send("cmd=barrier_out rc=0"));
    }

    /** Those to release: all, when this was the last. */
    private synchronized List<PmiPeer> arrive(PmiPeer peer) {
        atBarrier.add(peer);
        if (atBarrier.size() < size) {
            return List.of();
        }
        List<PmiPeer> released = List.copyOf(atBarrier);
        atBarrier.clear();
        return released;
    }

    void abort(int rank, int exitCode, String message) {
        listener.aborted(new Abort(rank, exitCode, message));
    }
}
