/* Connection manager ids: from an address to a connection and back. */
#include "disni.h"

#include <errno.h>
#include <string.h>

DISNI(jlong, createId)(JNIEnv *env, jobject self, jlong channel, jshort port_space) {
    if (no_object(env, "rdma_create_id", channel)) {
        return -1;
    }
    struct rdma_cm_id *id;
    if (rdma_create_id(pointer(channel), &id, NULL, (enum rdma_port_space)(uint16_t)port_space) != 0) {
        throw_errno(env, "rdma_create_id", errno);
        return -1;
    }
    return handle(id);
}

DISNI(void, bindAddr)(JNIEnv *env, jobject self, jlong id, jlong address) {
    if (no_object(env, "rdma_bind_addr", id) || no_object(env, "rdma_bind_addr", address)) {
        return;
    }
    if (rdma_bind_addr(pointer(id), pointer(address)) != 0) {
        throw_errno(env, "rdma_bind_addr", errno);
    }
}

DISNI(void, listen)(JNIEnv *env, jobject self, jlong id, jint backlog) {
    if (!no_object(env, "rdma_listen", id) && rdma_listen(pointer(id), backlog) != 0) {
        throw_errno(env, "rdma_listen", errno);
    }
}

/* The source is 0 where the id is bound already, or where the route shall choose it. */
DISNI(void, resolveAddr)(JNIEnv *env, jobject self, jlong id, jlong source, jlong destination, jint timeout) {
    if (no_object(env, "rdma_resolve_addr", id) || no_object(env, "rdma_resolve_addr", destination)) {
        return;
    }
    if (rdma_resolve_addr(pointer(id), pointer(source), pointer(destination), timeout) != 0) {
        throw_errno(env, "rdma_resolve_addr", errno);
    }
}

DISNI(void, resolveRoute)(JNIEnv *env, jobject self, jlong id, jint timeout) {
    if (!no_object(env, "rdma_resolve_route", id) && rdma_resolve_route(pointer(id), timeout) != 0) {
        throw_errno(env, "rdma_resolve_route", errno);
    }
}

/* RDMA READs in both directions, as many at a time as both devices can: the Java side has no say in it. */
static struct rdma_conn_param connection(jint retries, jint receiver_not_ready_retries) {
    struct rdma_conn_param wanted = {
        .responder_resources = RDMA_MAX_RESP_RES,
        .initiator_depth = RDMA_MAX_INIT_DEPTH,
        .retry_count = (uint8_t)retries,
        .rnr_retry_count = (uint8_t)receiver_not_ready_retries,
    };
    return wanted;
}

DISNI(void, connect)
(JNIEnv *env, jobject self, jlong id, jint retries, jint rnr_retries, jlong private_data, jbyte private_length) {
    if (no_object(env, "rdma_connect", id)) {
        return;
    }
    struct rdma_conn_param wanted = connection(retries, rnr_retries);
    if (private_data != 0) {
        wanted.private_data = pointer(private_data);
        wanted.private_data_len = (uint8_t)private_length;
    }
    if (rdma_connect(pointer(id), &wanted) != 0) {
        throw_errno(env, "rdma_connect", errno);
    }
}

DISNI(void, accept)(JNIEnv *env, jobject self, jlong id, jint retries, jint rnr_retries) {
    if (no_object(env, "rdma_accept", id)) {
        return;
    }
    struct rdma_conn_param wanted = connection(retries, rnr_retries);
    if (rdma_accept(pointer(id), &wanted) != 0) {
        throw_errno(env, "rdma_accept", errno);
    }
}

/* Functions that Java declares without an exception answer 0, or the negative error number. */
static jint answer(int result) { return result == 0 ? 0 : -errno; }

DISNI(jint, disconnect)(JNIEnv *env, jobject self, jlong id) {
    return no_object(env, "rdma_disconnect", id) ? -1 : answer(rdma_disconnect(pointer(id)));
}

DISNI(jint, destroyCmId)(JNIEnv *env, jobject self, jlong id) {
    return no_object(env, "rdma_destroy_id", id) ? -1 : answer(rdma_destroy_id(pointer(id)));
}

DISNI(jint, destroyEp)(JNIEnv *env, jobject self, jlong id) {
    if (no_object(env, "rdma_destroy_ep", id)) {
        return -1;
    }
    rdma_destroy_ep(pointer(id));
    return 0;
}

static jint write_address(const struct sockaddr *address, jlong to) {
    if (address->sa_family != AF_INET) {
        return -EAFNOSUPPORT;
    }
    memcpy(pointer(to), address, sizeof(struct sockaddr_in));
    return 0;
}

DISNI(jint, getSrcAddr)(JNIEnv *env, jobject self, jlong id, jlong to) {
    return no_object(env, "rdma_get_local_addr", id) ? -1 : write_address(rdma_get_local_addr(pointer(id)), to);
}

DISNI(jint, getDstAddr)(JNIEnv *env, jobject self, jlong id, jlong to) {
    return no_object(env, "rdma_get_peer_addr", id) ? -1 : write_address(rdma_get_peer_addr(pointer(id)), to);
}

DISNI(jlong, getContext)(JNIEnv *env, jobject self, jlong id) {
    if (no_object(env, "device of a connection id", id)) {
        return -1;
    }
    struct rdma_cm_id *bound = pointer(id);
    if (bound->verbs == NULL) {
        throw_why(env, "device of a connection id", "the id is not bound to an RDMA device's address");
        return -1;
    }
    return handle(bound->verbs);
}
