package dev.scc.fabric.verbs;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;

/** Work requests laid out once in native memory, to be posted again and again. */
final class WorkRequests {
    private WorkRequests() {}

    /** A SEND from one slot; its length is set before each use. */
    static SVCPostSend send(IbvQP queues, int localKey, long address) throws IOException {
        return queues.postSend(
                List.of(request(IbvSendWR.IBV_WR_SEND, WorkId.SEND, piece(address, Message.MAX, localKey))),
                new ArrayList<>());
    }

    @SuppressWarnings("JdkObsolete") // DiSNI wants this type of list.
    static SVCPostRecv receive(IbvQP queues, int localKey, long address, long workId) throws IOException {
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(workId);
        request.setSg_list(new LinkedList<>(piece(address, Message.MAX, localKey)));
        return queues.postRecv(List.of(request), new ArrayList<>());
    }

    /** RDMA WRITEs or READs of neighbouring pieces between memory here and memory there. */
    static SVCPostSend block(
            IbvQP queues,
            int operation,
            long workId,
            int localKey,
            long here,
            long there,
            int remoteKey,
            int pieces,
            int length)
            throws IOException {
        List<IbvSendWR> requests = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            long offset = (long) i * length;
            IbvSendWR request = request(operation, workId, piece(here + offset, length, localKey));
            request.getRdma().setRemote_addr(there + offset);
            request.getRdma().setRkey(remoteKey);
            requests.add(request);
        }
        return queues.postSend(requests, new ArrayList<>());
    }

    @SuppressWarnings("JdkObsolete") // DiSNI wants this type of list.
    private static IbvSendWR request(int operation, long workId, List<IbvSge> memory) {
        IbvSendWR request = new IbvSendWR();
        request.setOpcode(operation);
        request.setWr_id(workId);
        request.setSend_flags(IbvSendWR.IBV_SEND_SIGNALED);
        request.setSg_list(new LinkedList<>(memory));
        return request;
    }

    private static List<IbvSge> piece(long address, int length, int localKey) {
        IbvSge piece = new IbvSge();
        piece.setAddr(address);
        piece.setLength(length);
        piece.setLkey(localKey);
        return List.of(piece);
    }
}
