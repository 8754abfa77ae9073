/* Queue pairs, completion queues and completion channels. */
#include "disni.h"

#include <errno.h>

/* The Java side does not say how many pieces a work request may have; every device does four. */
#define PIECES 4

DISNI(jlong, createQP)
(JNIEnv *env, jobject self, jlong id, jlong pd, jlong send_cq, jlong recv_cq, jint type, jint max_send_wr,
 jint max_recv_wr, jint max_inline) {
    if (no_object(env, "rdma_create_qp", id) || no_object(env, "rdma_create_qp", pd)) {
        return -1;
    }
    struct ibv_qp_init_attr wanted = {
        .send_cq = pointer(send_cq),
        .recv_cq = pointer(recv_cq),
        .qp_type = (enum ibv_qp_type)type,
        .cap =
            {
                .max_send_wr = (uint32_t)max_send_wr,
                .max_recv_wr = (uint32_t)max_recv_wr,
                .max_send_sge = PIECES,
                .max_recv_sge = PIECES,
                .max_inline_data = (uint32_t)max_inline,
            },
    };
    struct rdma_cm_id *owner = pointer(id);
    if (rdma_create_qp(owner, pointer(pd), &wanted) != 0) {
        throw_errno(env, "rdma_create_qp", errno);
        return -1;
    }
    return handle(owner->qp);
}

DISNI(jint, destroyQP)(JNIEnv *env, jobject self, jlong id) {
    if (no_object(env, "rdma_destroy_qp", id)) {
        return -1;
    }
    struct rdma_cm_id *owner = pointer(id);
    if (owner->qp == NULL) {
        return -EINVAL;
    }
    rdma_destroy_qp(owner);
    return 0;
}

/* DiSNI 2.1 never says what to modify: its Java side passes no attributes. */
DISNI(jint, modifyQP)(JNIEnv *env, jobject self, jlong qp, jlong attributes) {
    throw_why(env, "ibv_modify_qp", "unsupported: DiSNI passes no attributes");
    return -1;
}

DISNI(jint, getQpNum)(JNIEnv *env, jobject self, jlong qp) {
    if (no_object(env, "number of a queue pair", qp)) {
        return -1;
    }
    const struct ibv_qp *queue_pair = pointer(qp);
    return (jint)queue_pair->qp_num;
}

DISNI(void, postSend)(JNIEnv *env, jobject self, jlong qp, jlong requests) {
    if (no_object(env, "ibv_post_send", qp) || no_object(env, "ibv_post_send", requests)) {
        return;
    }
    struct ibv_send_wr *refused;
    int error = ibv_post_send(pointer(qp), pointer(requests), &refused);
    if (error != 0) {
        throw_errno(env, "ibv_post_send", error);
    }
}

DISNI(void, postRecv)(JNIEnv *env, jobject self, jlong qp, jlong requests) {
    if (no_object(env, "ibv_post_recv", qp) || no_object(env, "ibv_post_recv", requests)) {
        return;
    }
    struct ibv_recv_wr *refused;
    int error = ibv_post_recv(pointer(qp), pointer(requests), &refused);
    if (error != 0) {
        throw_errno(env, "ibv_post_recv", error);
    }
}

DISNI(jlong, createCompChannel)(JNIEnv *env, jobject self, jlong context) {
    if (no_object(env, "ibv_create_comp_channel", context)) {
        return -1;
    }
    struct ibv_comp_channel *channel = ibv_create_comp_channel(pointer(context));
    if (channel == NULL) {
        throw_errno(env, "ibv_create_comp_channel", errno);
        return -1;
    }
    if (not_pollable(env, "ibv_create_comp_channel", channel->fd)) {
        ibv_destroy_comp_channel(channel);
        return -1;
    }
    return handle(channel);
}

DISNI(jint, destroyCompChannel)(JNIEnv *env, jobject self, jlong channel) {
    return no_object(env, "ibv_destroy_comp_channel", channel) ? -1 : -ibv_destroy_comp_channel(pointer(channel));
}

DISNI(jlong, createCQ)(JNIEnv *env, jobject self, jlong context, jlong channel, jint entries, jint vector) {
    if (no_object(env, "ibv_create_cq", context)) {
        return -1;
    }
    struct ibv_cq *cq = ibv_create_cq(pointer(context), entries, NULL, pointer(channel), vector);
    if (cq == NULL) {
        throw_errno(env, "ibv_create_cq", errno);
        return -1;
    }
    return handle(cq);
}

DISNI(jint, destroyCQ)(JNIEnv *env, jobject self, jlong cq) {
    return no_object(env, "ibv_destroy_cq", cq) ? -1 : -ibv_destroy_cq(pointer(cq));
}

/* Returns 0 for an event, -1 for none within timeout milliseconds. The caller acknowledges through ackCqEvent. */
DISNI(jint, getCqEvent)(JNIEnv *env, jobject self, jlong channel, jint timeout) {
    if (no_object(env, "ibv_get_cq_event", channel)) {
        return -1;
    }
    struct ibv_comp_channel *events = pointer(channel);
    int ready = wait_readable(events->fd, timeout);
    if (ready == 0) {
        return -1;
    }
    struct ibv_cq *cq;
    void *cq_context;
    if (ready < 0 || ibv_get_cq_event(events, &cq, &cq_context) != 0) {
        if (errno != EAGAIN) {
            throw_errno(env, "ibv_get_cq_event", errno);
        }
        return -1;
    }
    return 0;
}

DISNI(jint, ackCqEvent)(JNIEnv *env, jobject self, jlong cq, jint events) {
    if (no_object(env, "ibv_ack_cq_events", cq)) {
        return -1;
    }
    ibv_ack_cq_events(pointer(cq), (unsigned int)events);
    return 0;
}

DISNI(jint, pollCQ)(JNIEnv *env, jobject self, jlong cq, jint entries, jlong completions) {
    if (no_object(env, "ibv_poll_cq", cq) || no_object(env, "ibv_poll_cq", completions)) {
        return -1;
    }
    int found = ibv_poll_cq(pointer(cq), entries, pointer(completions));
    if (found < 0) {
        throw_why(env, "ibv_poll_cq", "the completion queue is broken, perhaps by an overrun");
    }
    return found;
}

DISNI(jint, reqNotifyCQ)(JNIEnv *env, jobject self, jlong cq, jint solicited_only) {
    if (no_object(env, "ibv_req_notify_cq", cq)) {
        return -1;
    }
    int error = ibv_req_notify_cq(pointer(cq), solicited_only);
    if (error != 0) {
        throw_errno(env, "ibv_req_notify_cq", error);
    }
    return -error;
}
