/*
 * What the parts of libdisni share. DiSNI's Java side knows native objects by their address: every handle that goes
 * in or out here is the address of a librdmacm or libibverbs structure.
 */
#ifndef SCC_DISNI_H
#define SCC_DISNI_H

#include <infiniband/verbs.h>
#include <jni.h>
#include <rdma/rdma_cma.h>
#include <stdint.h>

/* The name of a native method of com.ibm.disni.verbs.impl.NativeDispatcher; JNI writes its leading underscore as _1. */
#define DISNI(result, name) JNIEXPORT result JNICALL Java_com_ibm_disni_verbs_impl_NativeDispatcher__1##name

/* The number of the interface between DiSNI 2.1's two halves (NativeDispatcher.JVERBS_VERSION). */
#define DISNI_INTERFACE_VERSION 32

static inline void *pointer(jlong handle) { return (void *)(uintptr_t)handle; }

static inline jlong handle(const void *object) { return (jlong)(uintptr_t)object; }

/* Throws java.io.IOException "CALL failed: strerror(error)". */
void throw_errno(JNIEnv *env, const char *call, int error);

/* Throws java.io.IOException "CALL failed: WHY". */
void throw_why(JNIEnv *env, const char *call, const char *why);

/* True, with an IOException thrown, if the handle is none. */
int no_object(JNIEnv *env, const char *call, jlong handle);

/* True, with an IOException thrown, if the file descriptor cannot be made non-blocking. */
int not_pollable(JNIEnv *env, const char *call, int fd);

/*
 * Waits until the file descriptor can be read: 1, or 0 after timeout milliseconds (negative: without limit), or -1
 * with errno. A signal does not end the wait; the JVM sends some to its own threads.
 */
int wait_readable(int fd, int timeout);

#endif
