/*
 * A device's connection with itself: two queue pairs of one process, each connected to the other at a GID of the device,
 * without a connection manager, which needs an IPv4 address. The Java side is dev.scc.fabric.verbs.SelfConnection.
 */
#include "disni.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SELF(result, name) JNIEXPORT result JNICALL Java_dev_scc_fabric_verbs_SelfConnection_##name

#define PORT 1
#define ENTRIES 16
#define REQUESTS 4
/* 4.096 us times two to the power of this, about a second: a busy processor is no loss. */
#define ACK_TIMEOUT 18
#define RETRIES 7
/* 0.64 ms, as a receive is always there. */
#define RECEIVER_NOT_READY 12
#define HOPS 64

/* As in SelfConnection.Operation. */
enum operation { RECEIVE, SEND, WRITE, READ };

static const char *const NAMES[] = {"RECV", "SEND", "RDMA WRITE", "RDMA READ"};

struct self {
    struct ibv_context *device;
    struct ibv_pd *domain;
    struct ibv_comp_channel *events;
    struct ibv_cq *completions;
    struct ibv_mr *region;
    struct ibv_qp *ends[2];
};

static void release(struct self *self) {
    for (int end = 0; end < 2; end++) {
        if (self->ends[end] != NULL) {
            ibv_destroy_qp(self->ends[end]);
        }
    }
    if (self->region != NULL) {
        ibv_dereg_mr(self->region);
    }
    if (self->completions != NULL) {
        ibv_destroy_cq(self->completions);
    }
    if (self->events != NULL) {
        ibv_destroy_comp_channel(self->events);
    }
    if (self->domain != NULL) {
        ibv_dealloc_pd(self->domain);
    }
    if (self->device != NULL) {
        ibv_close_device(self->device);
    }
    free(self);
}

static struct ibv_context *opened(JNIEnv *env, const char *name) {
    int count;
    struct ibv_device **all = ibv_get_device_list(&count);
    if (all == NULL) {
        throw_errno(env, "ibv_get_device_list", errno);
        return NULL;
    }
    struct ibv_context *device = NULL;
    int found = 0;
    for (int i = 0; i < count && !found; i++) {
        found = strcmp(ibv_get_device_name(all[i]), name) == 0;
        if (found) {
            device = ibv_open_device(all[i]);
        }
    }
    if (!found) {
        throw_why(env, "ibv_open_device", "there is no such RDMA device");
    } else if (device == NULL) {
        throw_errno(env, "ibv_open_device", errno);
    }
    ibv_free_device_list(all);
    return device;
}

/* Puts one end from INIT to ready to send, connected to the other. Returns 0, or an error number. */
static int connect_end(struct self *self, int end, int gid_index, const union ibv_gid *gid, enum ibv_mtu mtu) {
    struct ibv_qp_attr wanted = {
        .qp_state = IBV_QPS_INIT,
        .port_num = PORT,
        .qp_access_flags = IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE | IBV_ACCESS_REMOTE_READ,
    };
    int error = ibv_modify_qp(self->ends[end], &wanted,
                              IBV_QP_STATE | IBV_QP_PKEY_INDEX | IBV_QP_PORT | IBV_QP_ACCESS_FLAGS);
    if (error != 0) {
        return error;
    }
    wanted = (struct ibv_qp_attr){
        .qp_state = IBV_QPS_RTR,
        .path_mtu = mtu,
        .dest_qp_num = self->ends[1 - end]->qp_num,
        .max_dest_rd_atomic = 1,
        .min_rnr_timer = RECEIVER_NOT_READY,
        .ah_attr =
            {
                .is_global = 1,
                .port_num = PORT,
                .grh = {.dgid = *gid, .sgid_index = (uint8_t)gid_index, .hop_limit = HOPS},
            },
    };
    error = ibv_modify_qp(self->ends[end], &wanted,
                          IBV_QP_STATE | IBV_QP_AV | IBV_QP_PATH_MTU | IBV_QP_DEST_QPN | IBV_QP_RQ_PSN |
                              IBV_QP_MAX_DEST_RD_ATOMIC | IBV_QP_MIN_RNR_TIMER);
    if (error != 0) {
        return error;
    }
    wanted = (struct ibv_qp_attr){
        .qp_state = IBV_QPS_RTS,
        .timeout = ACK_TIMEOUT,
        .retry_cnt = RETRIES,
        .rnr_retry = RETRIES,
        .max_rd_atomic = 1,
    };
    return ibv_modify_qp(self->ends[end], &wanted,
                         IBV_QP_STATE | IBV_QP_TIMEOUT | IBV_QP_RETRY_CNT | IBV_QP_RNR_RETRY | IBV_QP_SQ_PSN |
                             IBV_QP_MAX_QP_RD_ATOMIC);
}

static int made(JNIEnv *env, const void *object, const char *call) {
    if (object != NULL) {
        return 1;
    }
    throw_errno(env, call, errno);
    return 0;
}

/* True if all is there; else an exception is thrown, and what is there is the caller's to release. */
static int make(JNIEnv *env, struct self *self, const char *name, int gid_index, void *memory, size_t size) {
    self->device = opened(env, name);
    if (self->device == NULL) {
        return 0;
    }
    self->domain = ibv_alloc_pd(self->device);
    if (!made(env, self->domain, "ibv_alloc_pd")) {
        return 0;
    }
    self->events = ibv_create_comp_channel(self->device);
    if (!made(env, self->events, "ibv_create_comp_channel") ||
        not_pollable(env, "ibv_create_comp_channel", self->events->fd)) {
        return 0;
    }
    self->completions = ibv_create_cq(self->device, ENTRIES, NULL, self->events, 0);
    if (!made(env, self->completions, "ibv_create_cq")) {
        return 0;
    }
    self->region = ibv_reg_mr(self->domain, memory, size,
                              IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE | IBV_ACCESS_REMOTE_READ);
    if (!made(env, self->region, "ibv_reg_mr")) {
        return 0;
    }
    for (int end = 0; end < 2; end++) {
        struct ibv_qp_init_attr wanted = {
            .send_cq = self->completions,
            .recv_cq = self->completions,
            .qp_type = IBV_QPT_RC,
            .sq_sig_all = 1,
            .cap = {.max_send_wr = REQUESTS, .max_recv_wr = REQUESTS, .max_send_sge = 1, .max_recv_sge = 1},
        };
        self->ends[end] = ibv_create_qp(self->domain, &wanted);
        if (!made(env, self->ends[end], "ibv_create_qp")) {
            return 0;
        }
    }
    struct ibv_port_attr port;
    int error = ibv_query_port(self->device, PORT, &port);
    if (error != 0) {
        throw_errno(env, "ibv_query_port", error);
        return 0;
    }
    union ibv_gid gid;
    if (ibv_query_gid(self->device, PORT, gid_index, &gid) != 0) {
        throw_errno(env, "ibv_query_gid", errno);
        return 0;
    }
    for (int end = 0; end < 2; end++) {
        error = connect_end(self, end, gid_index, &gid, port.active_mtu);
        if (error != 0) {
            throw_errno(env, "ibv_modify_qp", error);
            return 0;
        }
    }
    return 1;
}

SELF(jlong, open)(JNIEnv *env, jclass type, jstring device, jint gid_index, jlong memory, jint size) {
    struct self *self = calloc(1, sizeof *self);
    const char *name = self == NULL ? NULL : (*env)->GetStringUTFChars(env, device, NULL);
    if (name == NULL) {
        throw_errno(env, "malloc", ENOMEM);
        free(self);
        return 0;
    }
    if (gid_index < 0 || gid_index > UINT8_MAX) {
        throw_why(env, "ibv_modify_qp", "the index of the GID is above 255, which is the last that verbs can name");
        (*env)->ReleaseStringUTFChars(env, device, name);
        free(self);
        return 0;
    }
    int complete = make(env, self, name, gid_index, pointer(memory), (size_t)(uint32_t)size);
    (*env)->ReleaseStringUTFChars(env, device, name);
    if (!complete) {
        release(self);
        return 0;
    }
    return handle(self);
}

SELF(void, post)
(JNIEnv *env, jclass type, jlong connection, jint end, jint operation, jlong here, jlong there, jint length) {
    if (no_object(env, "posting to a queue pair", connection)) {
        return;
    }
    struct self *self = pointer(connection);
    struct ibv_sge piece = {.addr = (uint64_t)here, .length = (uint32_t)length, .lkey = self->region->lkey};
    int error;
    if (operation == RECEIVE) {
        struct ibv_recv_wr request = {.wr_id = (uint64_t)operation, .sg_list = &piece, .num_sge = 1};
        struct ibv_recv_wr *refused;
        error = ibv_post_recv(self->ends[end], &request, &refused);
    } else {
        struct ibv_send_wr request = {
            .wr_id = (uint64_t)operation,
            .sg_list = &piece,
            .num_sge = 1,
            .opcode = operation == SEND ? IBV_WR_SEND : operation == WRITE ? IBV_WR_RDMA_WRITE : IBV_WR_RDMA_READ,
            .wr.rdma = {.remote_addr = (uint64_t)there, .rkey = self->region->rkey},
        };
        struct ibv_send_wr *refused;
        error = ibv_post_send(self->ends[end], &request, &refused);
    }
    if (error != 0) {
        throw_errno(env, NAMES[operation], error);
    }
}

/* 1 for a completion, 0 for none, -1 with an exception thrown if it or the queue has failed. */
static int polled(JNIEnv *env, struct self *self) {
    struct ibv_wc completion;
    int found = ibv_poll_cq(self->completions, 1, &completion);
    if (found < 0) {
        throw_why(env, "ibv_poll_cq", "the completion queue is broken");
    } else if (found > 0 && completion.status != IBV_WC_SUCCESS) {
        throw_why(env, NAMES[completion.wr_id & 3], ibv_wc_status_str(completion.status));
        found = -1;
    }
    return found;
}

/* Whether something has completed within timeout milliseconds. */
SELF(jboolean, completed)(JNIEnv *env, jclass type, jlong connection, jint timeout) {
    if (no_object(env, "ibv_poll_cq", connection)) {
        return JNI_FALSE;
    }
    struct self *self = pointer(connection);
    int found = polled(env, self);
    if (found != 0) {
        return found > 0;
    }
    int error = ibv_req_notify_cq(self->completions, 0);
    if (error != 0) {
        throw_errno(env, "ibv_req_notify_cq", error);
        return JNI_FALSE;
    }
    /* One may have come between the look and the arming: nothing would announce it. */
    found = polled(env, self);
    if (found != 0) {
        return found > 0;
    }
    struct ibv_cq *queue;
    void *context;
    if (wait_readable(self->events->fd, timeout) > 0 && ibv_get_cq_event(self->events, &queue, &context) == 0) {
        ibv_ack_cq_events(queue, 1);
    }
    return polled(env, self) > 0;
}

SELF(void, release)(JNIEnv *env, jclass type, jlong connection) {
    if (connection != 0) {
        release(pointer(connection));
    }
}
