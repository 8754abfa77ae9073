/*
 * Preloaded into the ranks of MPICH. MPICH 4.0 to 4.1 over UCX ends MPI_Finalize with a blocking PMI barrier, in which a
 * rank makes no progress. Another rank whose endpoints are still flushing waits for an answer of just that rank, and so
 * never reaches the barrier: the job hangs after its work is done. (MPICH removed the barrier in pull request 6596.)
 *
 * From the first disconnect on, a read from the PMI server therefore drives UCX until the answer is there. Until then,
 * and in programs that are not MPICH over UCX, every call goes straight through.
 *
 * The calls of UCX are declared here as its ABI has them since 1.0, so that no header of it is needed. ucs_status_t is a
 * packed enumeration, that is, one signed byte.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_WORKERS = 64, IDLE_MILLIS = 1 };

static void *workers[MOST_WORKERS];
static int worker_count;
static bool disconnecting;

signed char ucp_worker_create(void *context, const void *parameters, void **worker)
{
    signed char (*next)(void *, const void *, void **) = dlsym(RTLD_NEXT, "ucp_worker_create");
    signed char status = next(context, parameters, worker);
    if (status == 0 && worker_count < MOST_WORKERS) {
        workers[worker_count++] = *worker;
    }
    return status;
}

void *ucp_disconnect_nb(void *endpoint)
{
    void *(*next)(void *) = dlsym(RTLD_NEXT, "ucp_disconnect_nb");
    disconnecting = true;
    return next(endpoint);
}

void ucp_worker_destroy(void *worker)
{
    void (*next)(void *) = dlsym(RTLD_NEXT, "ucp_worker_destroy");
    for (int i = 0; i < worker_count; i++) {
        if (workers[i] == worker) {
            workers[i] = workers[--worker_count];
        }
    }
    next(worker);
}

static bool is_pmi_server(int fd)
{
    const char *server = getenv("PMI_PORT");
    const char *port = server == NULL ? NULL : strrchr(server, ':');
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    return port != NULL && getpeername(fd, (struct sockaddr *) &peer, &length) == 0 && peer.sin_family == AF_INET
        && ntohs(peer.sin_port) == atoi(port + 1);
}

static void progress_until_readable(int fd)
{
    unsigned (*progress)(void *) = dlsym(RTLD_DEFAULT, "ucp_worker_progress");
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    unsigned moved = 1;
    while (progress != NULL && poll(&waiting, 1, moved > 0 ? 0 : IDLE_MILLIS) == 0) {
        moved = 0;
        for (int i = 0; i < worker_count; i++) {
            moved += progress(workers[i]);
        }
    }
}

ssize_t read(int fd, void *buffer, size_t size)
{
    if (disconnecting && worker_count > 0 && is_pmi_server(fd)) {
        progress_until_readable(fd);
    }
    static ssize_t (*next)(int, void *, size_t);
    if (next == NULL) {
        next = dlsym(RTLD_NEXT, "read");
    }
    return next(fd, buffer, size);
}
