/* Event channels of the connection manager, and the events on them. */
#include "disni.h"

#include <errno.h>
#include <string.h>

DISNI(jlong, createEventChannel)(JNIEnv *env, jobject self) {
    struct rdma_event_channel *channel = rdma_create_event_channel();
    if (channel == NULL) {
        throw_errno(env, "rdma_create_event_channel", errno);
        return -1;
    }
    /* Two threads may wait on one channel: the one that comes second to an event must not block past its timeout. */
    if (not_pollable(env, "rdma_create_event_channel", channel->fd)) {
        rdma_destroy_event_channel(channel);
        return -1;
    }
    return handle(channel);
}

/*
 * Returns the event's type, or -1 if none came within timeout milliseconds. The ids go to the two given places; 0
 * stands for none. The event is acknowledged here: the Java side takes nothing else from it, and can acknowledge by
 * type only, which does not say which event.
 */
DISNI(jint, getCmEvent)(JNIEnv *env, jobject self, jlong channel, jlong listen_id, jlong client_id, jint timeout) {
    if (no_object(env, "rdma_get_cm_event", channel)) {
        return -1;
    }
    struct rdma_event_channel *events = pointer(channel);
    int ready = wait_readable(events->fd, timeout);
    if (ready == 0) {
        return -1;
    }
    struct rdma_cm_event *event;
    if (ready < 0 || rdma_get_cm_event(events, &event) != 0) {
        if (errno != EAGAIN) {
            throw_errno(env, "rdma_get_cm_event", errno);
        }
        return -1;
    }
    jlong listening = handle(event->listen_id);
    jlong client = handle(event->id);
    memcpy(pointer(listen_id), &listening, sizeof listening);
    memcpy(pointer(client_id), &client, sizeof client);
    jint type = (jint)event->event;
    rdma_ack_cm_event(event);
    return type;
}

/* Nothing is left to do: see getCmEvent. */
DISNI(jint, ackCmEvent)(JNIEnv *env, jobject self, jint type) { return 0; }

DISNI(jint, destroyEventChannel)(JNIEnv *env, jobject self, jlong channel) {
    if (no_object(env, "rdma_destroy_event_channel", channel)) {
        return -1;
    }
    rdma_destroy_event_channel(pointer(channel));
    return 0;
}
