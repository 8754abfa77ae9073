package dev.scc.fabric.verbs;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One side of a reliable connection between two probers: messages in both directions, and blocks written to and read from
 * the other side's memory. Of one thread. Closing it releases everything, the connection manager's id too.
 */
final class Connection implements AutoCloseable {
    /** A block goes in so many work requests, all under way at once. */
    private static final int PIECES = 4;

    private static final int PIECE = ProbeMemory.BLOCK / PIECES;
    private static final int MAX_SEND_REQUESTS = 2 * PIECES;

    private final RdmaCmId id;
    private final ProbeMemory memory;
    private final Lost lost;
    private final ArrayDeque<AutoCloseable> made = new ArrayDeque<>();
    private final ArrayDeque<Integer> arrived = new ArrayDeque<>();
    private final List<SVCPostRecv> receives = new ArrayList<>();
    private Completions completions;
    private IbvQP queues;
    private IbvMr region;
    private SVCPostSend send;
    private int under;

    /** Whether the connection manager says that the other side has gone. */
    @FunctionalInterface
    interface Lost {
        boolean now() throws IOException;
    }

    /**
     * Makes the queues and memory of an id that is bound to a device, ready to receive.
     *
     * @param id is released by this object from now on, even if this constructor fails
     */
    @SuppressWarnings("NullAway.Init") // The fields are set in make(); close() does not use them.
    Connection(RdmaCmId id, ProbeMemory memory, Lost lost) throws IOException {
        this.id = id;
        this.memory = memory;
        this.lost = lost;
        made.push(() -> Release.quietly("connection id", id::destroyId));
        try {
            make();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void make() throws IOException {
        IbvPd domain = id.getVerbs().allocPd();
        made.push(() -> Release.quietly("protection domain", domain::deallocPd));
        completions = Completions.of(id.getVerbs(), memory.use());
        made.push(completions);
        int access = IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ;
        region = domain.regMr(memory.address(), memory.size(), access)
                .execute()
                .free()
                .getMr();
        made.push(() -> Release.quietly("memory region", () -> {
            region.deregMr().execute().free();
            return 0;
        }));
        IbvQPInitAttr wanted = new IbvQPInitAttr();
        wanted.cap().setMax_send_wr(MAX_SEND_REQUESTS);
        wanted.cap().setMax_recv_wr(ProbeMemory.RECEIVE_SLOTS);
        wanted.setQp_type(IbvQP.IBV_QPT_RC);
        wanted.setSend_cq(completions.queue());
        wanted.setRecv_cq(completions.queue());
        queues = id.createQP(domain, wanted);
        made.push(() -> Release.quietly("queue pair", id::destroyQP));
        send = WorkRequests.send(queues, region.getLkey(), memory.sendAddress());
        made.push(send::free);
        for (int slot = 0; slot < ProbeMemory.RECEIVE_SLOTS; slot++) {
            SVCPostRecv receive =
                    WorkRequests.receive(queues, region.getLkey(), memory.receiveAddress(slot), WorkId.RECEIVE + slot);
            made.push(receive::free);
            receives.add(receive.execute());
        }
    }

    RdmaCmId id() {
        return id;
    }

    /** The key with which the other side may write and read this side's memory. */
    int key() {
        return region.getRkey();
    }

    /** Posts a message, once the one before has been acknowledged. Does not wait for its own acknowledgement. */
    void send(Message message, Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        flush(deadline);
        byte[] bytes = Message.encode(message);
        memory.sendSlot().put(0, bytes);
        send.getWrMod(0).getSgeMod(0).setLength(bytes.length);
        under = 1;
        send.execute();
    }

    /** Waits until the other side has acknowledged all that was sent. */
    void flush(Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        awaitOwn(deadline, "no acknowledgement of a SEND");
    }

    /** @param missing what it means if nothing comes, for the reason of a failure */
    Message receive(Deadline deadline, String missing) throws IOException, ProbeFailed, InterruptedException {
        while (arrived.isEmpty()) {
            step(deadline, missing);
        }
        int slot = arrived.remove();
        byte[] bytes = new byte[Message.MAX];
        memory.receiveSlot(slot).get(bytes);
        receives.get(slot).execute();
        return Message.decode(bytes);
    }

    /** Writes the block {@link ProbeMemory#out} to the other side's memory, as often as {@code again} says; returns how often. */
    int write(long to, int key, Again again, Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        return blocks(IbvSendWR.IBV_WR_RDMA_WRITE, WorkId.WRITE, memory.outAddress(), to, key, again, deadline);
    }

    /** Reads the block {@link ProbeMemory#in} from the other side's memory, likewise. */
    int read(long from, int key, Again again, Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        return blocks(IbvSendWR.IBV_WR_RDMA_READ, WorkId.READ, memory.inAddress(), from, key, again, deadline);
    }

    /** Whether one more block shall be moved after {@code blocks}. */
    @FunctionalInterface
    interface Again {
        boolean after(int blocks);
    }

    private int blocks(int operation, long workId, long here, long there, int key, Again again, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        flush(deadline);
        SVCPostSend block =
                WorkRequests.block(queues, operation, workId, region.getLkey(), here, there, key, PIECES, PIECE);
        int blocks = 0;
        try {
            do {
                under = PIECES;
                block.execute();
                awaitOwn(deadline, "no completion of an " + WorkId.name(workId));
                blocks++;
            } while (again.after(blocks));
        } finally {
            block.free();
        }
        return blocks;
    }

    private void awaitOwn(Deadline deadline, String missing) throws IOException, ProbeFailed, InterruptedException {
        while (under > 0) {
            step(deadline, missing);
        }
    }

    private void step(Deadline deadline, String missing) throws IOException, ProbeFailed, InterruptedException {
        boolean some = completions.take(deadline.slice(), workId -> {
            if (workId >= WorkId.RECEIVE) {
                arrived.add((int) (workId - WorkId.RECEIVE));
            } else {
                under--;
            }
        });
        if (!some) {
            if (lost.now()) {
                throw new ProbeFailed(missing + ": the other side closed the connection");
            }
            deadline.check(missing);
        }
    }

    /** Tells the other side, then releases everything in reverse order of its making. */
    @Override
    public void close() {
        if (queues != null) {
            Release.quietly("connection", () -> {
                id.disconnect(); // Fails if it was never established, or the other side was first.
                return 0;
            });
        }
        while (!made.isEmpty()) {
            AutoCloseable last = made.pop();
            Release.quietly("part of a connection", () -> {
                last.close();
                return 0;
            });
        }
    }

    ProbeMemory memory() {
        return memory;
    }
}
