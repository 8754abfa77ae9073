/* Errors as Java exceptions, and waiting with a deadline. */
#define _GNU_SOURCE

#include "disni.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void throw_why(JNIEnv *env, const char *call, const char *why) {
    char message[256];
    snprintf(message, sizeof message, "%s failed: %s", call, why);
    jclass io_exception = (*env)->FindClass(env, "java/io/IOException");
    if (io_exception != NULL) {
        (*env)->ThrowNew(env, io_exception, message);
    }
}

void throw_errno(JNIEnv *env, const char *call, int error) {
    char text[128];
    /* glibc's variant returns the text, which need not be in the buffer. */
    throw_why(env, call, strerror_r(error, text, sizeof text));
}

int no_object(JNIEnv *env, const char *call, jlong object) {
    if (object != 0) {
        return 0;
    }
    throw_why(env, call, "there is no such object");
    return 1;
}

int not_pollable(JNIEnv *env, const char *call, int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0) {
        return 0;
    }
    throw_errno(env, call, errno);
    return 1;
}

static int64_t now_millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int wait_readable(int fd, int timeout) {
    struct pollfd entry = {.fd = fd, .events = POLLIN};
    int64_t end = now_millis() + timeout;
    int left = timeout;
    for (;;) {
        int ready = poll(&entry, 1, left);
        if (ready >= 0 || errno != EINTR) {
            return ready;
        }
        if (timeout >= 0) {
            int64_t rest = end - now_millis();
            left = rest > 0 ? (int)rest : 0;
        }
    }
}
