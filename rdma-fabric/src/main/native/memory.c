/* Device contexts, protection domains and memory regions. */
#include "disni.h"

#include <errno.h>
#include <string.h>

DISNI(jint, getContextFd)(JNIEnv *env, jobject self, jlong context) {
    if (no_object(env, "file descriptor of a device", context)) {
        return -1;
    }
    const struct ibv_context *device = pointer(context);
    return device->cmd_fd;
}

DISNI(jint, getContextNumCompVectors)(JNIEnv *env, jobject self, jlong context) {
    if (no_object(env, "completion vectors of a device", context)) {
        return -1;
    }
    const struct ibv_context *device = pointer(context);
    return device->num_comp_vectors;
}

DISNI(jlong, allocPd)(JNIEnv *env, jobject self, jlong context) {
    if (no_object(env, "ibv_alloc_pd", context)) {
        return -1;
    }
    struct ibv_pd *pd = ibv_alloc_pd(pointer(context));
    if (pd == NULL) {
        throw_errno(env, "ibv_alloc_pd", errno);
        return -1;
    }
    return handle(pd);
}

DISNI(jint, getPdHandle)(JNIEnv *env, jobject self, jlong pd) {
    if (no_object(env, "handle of a protection domain", pd)) {
        return -1;
    }
    const struct ibv_pd *domain = pointer(pd);
    return (jint)domain->handle;
}

DISNI(jint, deallocPd)(JNIEnv *env, jobject self, jlong pd) {
    return no_object(env, "ibv_dealloc_pd", pd) ? -1 : -ibv_dealloc_pd(pointer(pd));
}

/* The region's two keys and its kernel handle go to the three given places. */
DISNI(jlong, regMr)
(JNIEnv *env, jobject self, jlong pd, jlong address, jint length, jint access, jlong local_key, jlong remote_key,
 jlong kernel_handle) {
    if (no_object(env, "ibv_reg_mr", pd)) {
        return -1;
    }
    struct ibv_mr *region = ibv_reg_mr(pointer(pd), pointer(address), (size_t)(uint32_t)length, access);
    if (region == NULL) {
        throw_errno(env, "ibv_reg_mr", errno);
        return -1;
    }
    memcpy(pointer(local_key), &region->lkey, sizeof region->lkey);
    memcpy(pointer(remote_key), &region->rkey, sizeof region->rkey);
    memcpy(pointer(kernel_handle), &region->handle, sizeof region->handle);
    return handle(region);
}

DISNI(void, deregMr)(JNIEnv *env, jobject self, jlong region) {
    if (no_object(env, "ibv_dereg_mr", region)) {
        return;
    }
    int error = ibv_dereg_mr(pointer(region));
    if (error != 0) {
        throw_errno(env, "ibv_dereg_mr", error);
    }
}

/* On-demand paging and prefetch belong to a vendor's old verbs ("experimental"), which this library is not built on. */
DISNI(jint, queryOdpSupport)(JNIEnv *env, jobject self, jlong context) { return -1; }

DISNI(jint, expPrefetchMr)(JNIEnv *env, jobject self, jlong region, jlong address, jint length) {
    throw_why(env, "ibv_exp_prefetch_mr", "unsupported: experimental verbs are not part of libibverbs");
    return -1;
}
