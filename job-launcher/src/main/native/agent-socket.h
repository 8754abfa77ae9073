/* The Unix socket on which the local agent hears from processes of a job, named in the job's environment. */
#ifndef SCC_AGENT_SOCKET_H
#define SCC_AGENT_SOCKET_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SCC_SOCKET "SCC_JOB_SOCKET"
#define SCC_TOKEN "SCC_JOB_TOKEN"

/* A connection, or -1 with errno. */
static int agent_connect(void)
{
    const char *path = getenv(SCC_SOCKET);
    if (path == NULL || getenv(SCC_TOKEN) == NULL) {
        errno = ENOENT;
        return -1;
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (agent >= 0 && connect(agent, (struct sockaddr *) &address, sizeof address) != 0) {
        int error = errno;
        close(agent);
        errno = error;
        return -1;
    }
    return agent;
}

/* All of it; 0, or -1 with errno. A socket that the agent has closed is an error, not a signal. */
static int agent_send(int agent, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(agent, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return -1;
        }
        bytes += sent;
        count -= (size_t) sent;
    }
    return 0;
}

/* One line without its newline; 0, or -1 when the agent closed the connection first or the line is too long. */
static int agent_line(int agent, char *line, size_t size)
{
    size_t used = 0;
    while (used < size - 1) {
        ssize_t count = recv(agent, line + used, 1, 0);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return -1;
        }
        if (line[used] == '\n') {
            line[used] = 0;
            return 0;
        }
        used++;
    }
    errno = EMSGSIZE;
    return -1;
}

#endif
