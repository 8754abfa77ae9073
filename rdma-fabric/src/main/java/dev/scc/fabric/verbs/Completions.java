package dev.scc.fabric.verbs;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongConsumer;

/** A completion queue with its channel. */
final class Completions implements AutoCloseable {
    /** Entries; rxe cannot make large queues, and no more work requests than this are under way. */
    static final int ENTRIES = 32;

    private static final int AT_A_TIME = 8;
    /** IBV_WC_SUCCESS of libibverbs. */
    private static final int SUCCESS = 0;

    /** A completion that comes this soon is not slept for: it would cost the latency that is to be measured. */
    private static final long SPIN_NANOS = 50_000;

    private final long spinNanos;
    private final IbvCompChannel channel;
    private final IbvCQ queue;
    private final IbvWC[] found = new IbvWC[AT_A_TIME];
    private final SVCPollCq poll;
    private final SVCReqNotify arm;

    private Completions(IbvCompChannel channel, IbvCQ queue, long spinNanos) throws IOException {
        this.spinNanos = spinNanos;
        this.channel = channel;
        this.queue = queue;
        Arrays.setAll(found, any -> new IbvWC());
        this.poll = queue.poll(found, AT_A_TIME);
        this.arm = queue.reqNotification(false);
    }

    /** Who only watches sleeps at once: a processor that waits is one that a job does not have. */
    static Completions of(IbvContext device, ProbeMemory.Use use) throws IOException {
        long spinNanos = use == ProbeMemory.Use.MEASURE ? SPIN_NANOS : 0;
        IbvCompChannel channel = device.createCompChannel();
        try {
            return new Completions(channel, device.createCQ(channel, ENTRIES, 0), spinNanos);
        } catch (IOException e) {
            Release.quietly("completion channel", channel::destroyCompChannel);
            throw e;
        }
    }

    IbvCQ queue() {
        return queue;
    }

    /**
     * Hands the ids of completed work requests to {@code done}, waiting at most {@code millis} for the first.
     *
     * @return false if there was none
     * @throws ProbeFailed if a work request failed
     */
    boolean take(int millis, LongConsumer done) throws IOException, ProbeFailed {
        long spin = System.nanoTime() + spinNanos;
        do {
            if (poll(done)) {
                return true;
            }
        } while (System.nanoTime() - spin < 0);
        arm.execute();
        // One may have come between the last look and the arming: nothing would announce it.
        if (poll(done)) {
            return true;
        }
        if (channel.getCqEvent(queue, millis)) {
            queue.ackEvents(1);
        }
        return poll(done);
    }

    private boolean poll(LongConsumer done) throws IOException, ProbeFailed {
        int count = poll.execute().getPolls();
        for (int i = 0; i < count; i++) {
            IbvWC completion = found[i];
            if (completion.getStatus() != SUCCESS) {
                throw new ProbeFailed(WorkId.name(completion.getWr_id()) + " failed: " + words(completion.getStatus()));
            }
            done.accept(completion.getWr_id());
        }
        return count > 0;
    }

    /** Such as {@code retry exc err}, the end of libibverbs' name for the status. */
    private static String words(int status) {
        return status < 0 || status >= IbvWcStatus.values().length
                ? "status " + status
                : IbvWcStatus.valueOf(status)
                        .name()
                        .substring("IBV_WC_".length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', ' ');
    }

    @Override
    public void close() {
        poll.free();
        Release.quietly("completion queue", queue::destroyCQ);
        Release.quietly("completion channel", channel::destroyCompChannel);
    }
}
