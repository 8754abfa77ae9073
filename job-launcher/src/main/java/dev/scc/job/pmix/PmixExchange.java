package dev.scc.job.pmix;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
import dev.scc.job.JobLimits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Connects the PMIx servers of one job's nodes: a fence is over when all nodes with ranks in it have come, and what one node wants to
 * know of a rank elsewhere is asked there. What servers say is the job's user's to say, and bounded. Safe for use by several
 * threads.
 */
public final class PmixExchange {
    /** Data goes on in pieces of about this size. */
    private static final int PIECE = 256 << 10;

    /** Questions of servers that wait for an answer, in a job. */
    private static final int MOST_WAITING = 1 << 16;

    /** PMIX_ERR_NOT_FOUND. */
    private static final int NOT_FOUND = -46;

    /** Hears what decides about the job, and takes what servers are to read. Must not block. */
    public interface Listener {
        /** All servers are ready; of each node what its ranks get beside {@link PmixFrames#RANK}. */
        void ready(Map<NodeName, Map<String, String>> environments);

        /** A rank has begun to use MPI. */
        void arrived(NodeName node, int rank);

        void aborted(int rank, int code, String message);

        /** A server says what none may say, or more than there may be. The reason is a sentence. */
        void exceeded(String why);

        void deliver(NodeName node, PmixDelivery delivery);
    }

    /** A node's ranks: so many from the first on. */
    private record Ranks(int first, int count) {
        boolean has(int rank) {
            return rank >= first && rank - first < count;
        }
    }

    private record Question(NodeName node, int number) {}

    /** Those who have come to a fence, in the order in which they came. */
    private record Comers(Set<NodeName> awaited, Map<NodeName, PmixSaid.Fence> come) {}

    private final Map<NodeName, Ranks> nodes = new LinkedHashMap<>();
    private final Map<NodeName, PmixFrames> frames = new HashMap<>();
    private final Map<NodeName, Map<String, String>> environments = new LinkedHashMap<>();
    private final Map<List<Integer>, Comers> fences = new HashMap<>();
    private final Map<Integer, Question> asked = new HashMap<>();
    private final Map<Integer, NodeName> askedOf = new HashMap<>();
    private final BitSet unfinished = new BitSet();
    private final AtomicLong held = new AtomicLong();
    private final List<PmixFrames.Place> places;
    private final Listener listener;
    private int lastQuestion;
    private boolean broken;

    /** @param places in rank order; each node once */
    public PmixExchange(List<PmixFrames.Place> places, Listener listener) {
        this.places = List.copyOf(places);
        this.listener = listener;
        int first = 0;
        for (PmixFrames.Place place : places) {
            NodeName node = new NodeName(place.node());
            nodes.put(node, new Ranks(first, place.ranks()));
            frames.put(node, new PmixFrames());
            first += place.ranks();
        }
    }

    /** Tells each server of the job. */
    public void begin(String space, String directory) {
        int own = 0;
        for (NodeName node : nodes.keySet()) {
            listener.deliver(node, PmixDelivery.of(PmixFrames.job(space, directory, own++, places)));
        }
    }

    /** Whether the rank has begun to use MPI and not finalized it. */
    public synchronized boolean unfinished(int rank) {
        return unfinished.get(rank);
    }

    /** A node's server has written something. */
    public synchronized void heard(NodeName node, Bytes bytes) {
        if (broken) {
            return;
        }
        try {
            for (PmixSaid said : reader(node).read(bytes)) {
                take(node, said);
            }
        } catch (PmixFrames.Malformed e) {
            broken = true;
            listener.exceeded(
                    "the job's PMIx server on " + node + " has said what no such server says: " + e.getMessage());
        }
    }

    private PmixFrames reader(NodeName node) throws PmixFrames.Malformed {
        PmixFrames reader = frames.get(node);
        if (reader == null) {
            throw new PmixFrames.Malformed("anything at all, having no ranks");
        }
        return reader;
    }

    private void take(NodeName node, PmixSaid said) throws PmixFrames.Malformed {
        switch (said) {
            case PmixSaid.Ready ready -> {
                if (environments.putIfAbsent(node, ready.environment()) != null) {
                    throw new PmixFrames.Malformed("twice that it is ready");
                }
                if (environments.size() == nodes.size()) {
                    listener.ready(Map.copyOf(environments));
                }
            }
            case PmixSaid.Fence fence -> come(node, fence);
            case PmixSaid.Want want -> ask(node, want);
            case PmixSaid.Gave gave -> pass(node, gave);
            case PmixSaid.Arrived arrived -> {
                requireOwn(node, arrived.rank());
                unfinished.set(arrived.rank());
                listener.arrived(node, arrived.rank());
            }
            case PmixSaid.Finalized finalized -> {
                requireOwn(node, finalized.rank());
                unfinished.clear(finalized.rank());
            }
            case PmixSaid.Aborted aborted -> {
                requireOwn(node, aborted.rank());
                listener.aborted(aborted.rank(), aborted.code(), aborted.message());
            }
        }
    }

    private void requireOwn(NodeName node, int rank) throws PmixFrames.Malformed {
        Ranks own = nodes.get(node);
        if (own == null || !own.has(rank)) {
            throw new PmixFrames.Malformed("something about rank " + rank + ", which is not there");
        }
    }

    private void hold(int length) throws PmixFrames.Malformed {
        if (held.addAndGet(length) > JobLimits.PMIX) {
            throw new PmixFrames.Malformed("so much that the job's ranks have more than " + (JobLimits.PMIX >> 20)
                    + " MiB for each other on the way; --mpi openmpi has no such limit");
        }
    }

    private void come(NodeName node, PmixSaid.Fence fence) throws PmixFrames.Malformed {
        Comers comers = fences.get(fence.ranks());
        if (comers == null) {
            if (fences.size() >= MOST_WAITING) {
                throw new PmixFrames.Malformed("fences beyond the " + MOST_WAITING + "th at a time");
            }
            comers = new Comers(nodesOf(fence.ranks()), new LinkedHashMap<>());
            fences.put(fence.ranks(), comers);
        }
        if (!comers.awaited().contains(node) || comers.come().putIfAbsent(node, fence) != null) {
            throw new PmixFrames.Malformed("a fence that is not its, or twice");
        }
        hold(fence.data().length());
        if (comers.come().size() == comers.awaited().size()) {
            fences.remove(fence.ranks());
            release(comers.come());
        }
    }

    private Set<NodeName> nodesOf(List<Integer> ranks) throws PmixFrames.Malformed {
        if (ranks.isEmpty()) {
            return nodes.keySet();
        }
        Set<NodeName> found = new HashSet<>();
        int known = 0;
        for (Map.Entry<NodeName, Ranks> each : nodes.entrySet()) {
            long here = ranks.stream().filter(each.getValue()::has).count();
            known += (int) here;
            if (here > 0) {
                found.add(each.getKey());
            }
        }
        if (known < ranks.size()) {
            throw new PmixFrames.Malformed("a fence with ranks that the job does not have");
        }
        return found;
    }

    /** Everybody gets what all have brought. */
    private void release(Map<NodeName, PmixSaid.Fence> come) {
        List<Bytes> all =
                joined(come.values().stream().map(PmixSaid.Fence::data).toList());
        int length = all.stream().mapToInt(Bytes::length).sum();
        AtomicInteger open = new AtomicInteger(come.size());
        come.forEach((node, fence) -> {
            List<Bytes> pieces = new ArrayList<>(List.of(Bytes.of(PmixFrames.answer(fence.question(), 0, length))));
            pieces.addAll(all);
            listener.deliver(node, new PmixDelivery(pieces, () -> {
                if (open.decrementAndGet() == 0) {
                    held.addAndGet(-length);
                }
            }));
        });
    }

    /** In few pieces, which are the same for all. */
    private static List<Bytes> joined(List<Bytes> parts) {
        List<Bytes> joined = new ArrayList<>();
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        for (Bytes part : parts) {
            if (piece.size() > 0 && piece.size() + part.length() > PIECE) {
                joined.add(Bytes.of(piece.toByteArray()));
                piece.reset();
            }
            piece.writeBytes(part.toArray());
        }
        if (piece.size() > 0) {
            joined.add(Bytes.of(piece.toByteArray()));
        }
        return joined;
    }

    private void ask(NodeName node, PmixSaid.Want want) throws PmixFrames.Malformed {
        List<NodeName> at = nodes.entrySet().stream()
                .filter(each -> each.getValue().has(want.rank()))
                .map(Map.Entry::getKey)
                .toList();
        if (at.isEmpty() || at.getFirst().equals(node)) {
            listener.deliver(node, PmixDelivery.of(PmixFrames.answer(want.question(), NOT_FOUND, 0)));
            return;
        }
        if (asked.size() >= MOST_WAITING) {
            throw new PmixFrames.Malformed("questions beyond the " + MOST_WAITING + "th at a time");
        }
        int question = ++lastQuestion;
        asked.put(question, new Question(node, want.question()));
        askedOf.put(question, at.getFirst());
        listener.deliver(at.getFirst(), PmixDelivery.of(PmixFrames.ask(question, want.rank())));
    }

    private void pass(NodeName node, PmixSaid.Gave gave) throws PmixFrames.Malformed {
        if (!node.equals(askedOf.get(gave.question()))) {
            throw new PmixFrames.Malformed("an answer to what it was not asked");
        }
        askedOf.remove(gave.question());
        Question question = asked.remove(gave.question());
        if (question == null) {
            throw new PmixFrames.Malformed("an answer to what nobody has asked");
        }
        int length = gave.data().length();
        hold(length);
        List<Bytes> pieces =
                new ArrayList<>(List.of(Bytes.of(PmixFrames.answer(question.number(), gave.status(), length))));
        pieces.addAll(joined(List.of(gave.data())));
        listener.deliver(question.node(), new PmixDelivery(pieces, () -> held.addAndGet(-length)));
    }

    @Override
    public synchronized String toString() {
        return nodes.keySet().stream().map(NodeName::value).collect(Collectors.joining(",", "PMIx of ", ""));
    }
}
