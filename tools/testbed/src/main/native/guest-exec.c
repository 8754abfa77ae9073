/*
 * Runs commands in a testbed guest, and is the guest's first process.
 *
 *   guest-exec serve NIC ADDRESS PORT
 *       Takes the NIC away into a network of its own, in which nothing is but the socket that listens there; each connection
 *       is one command, run in a process group of its own. As process 1 it also reaps orphans, and has the kernel look
 *       again at the names in the host's root.
 *   guest-exec client NAMESPACE MILLIS ADDRESS PORT COMMAND [ARGUMENT...]
 *       Connects from within a network namespace, or gives up after some milliseconds, and runs the command there with
 *       this process's standard streams. Exits with the command's status, 128 + signal if a signal ended it, 127 if it
 *       could not be started, or 255 if the guest did not answer or was lost.
 *
 * Wire format, both ways: one byte of type, four bytes of length (network order), then as many bytes of payload.
 *   to the guest:   'A' the arguments, each ended by a zero byte; 'I' standard input, an empty one is its end
 *   to the client:  'O' standard output; 'E' standard error; 'X' four bytes of exit status
 * When the client goes away, the process group gets SIGTERM, and SIGKILL a second later.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 5, CHUNK = 65536, ARGUMENTS = 4 << 20, CANNOT_START = 127, LOST = 255 };

static void die(const char *what)
{
    fprintf(stderr, "guest-exec: %s: %s\n", what, strerror(errno));
    exit(LOST);
}

static int write_all(int fd, const void *data, size_t length)
{
    const char *at = data;
    while (length > 0) {
        ssize_t n = write(fd, at, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        at += n;
        length -= (size_t)n;
    }
    return 0;
}

static int read_all(int fd, void *data, size_t length)
{
    char *at = data;
    while (length > 0) {
        ssize_t n = read(fd, at, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        at += n;
        length -= (size_t)n;
    }
    return 0;
}

static int send_frame(int fd, char type, const void *data, uint32_t length)
{
    static char frame[HEADER + CHUNK];
    uint32_t net = htonl(length);
    frame[0] = type;
    memcpy(frame + 1, &net, sizeof net);
    if (length <= CHUNK) {
        if (length > 0)
            memcpy(frame + HEADER, data, length);
        return write_all(fd, frame, HEADER + length);
    }
    return write_all(fd, frame, HEADER) < 0 ? -1 : write_all(fd, data, length);
}

static int read_header(int fd, char *type, uint32_t *length)
{
    char header[HEADER];
    if (read_all(fd, header, sizeof header) < 0)
        return -1;
    *type = header[0];
    memcpy(length, header + 1, sizeof *length);
    *length = ntohl(*length);
    return 0;
}

static struct sockaddr_in address(const char *host, const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    if (inet_pton(AF_INET, host, &at.sin_addr) != 1) {
        fprintf(stderr, "guest-exec: %s is not an IPv4 address\n", host);
        exit(2);
    }
    return at;
}

/* ---- in the guest ---- */

static char **read_arguments(int socket)
{
    char type;
    uint32_t length;
    if (read_header(socket, &type, &length) < 0 || type != 'A' || length == 0 || length > ARGUMENTS)
        return NULL;
    char *text = malloc(length);
    if (text == NULL || read_all(socket, text, length) < 0 || text[length - 1] != 0)
        return NULL;
    size_t count = 0;
    for (uint32_t i = 0; i < length; i++)
        count += text[i] == 0;
    char **argv = calloc(count + 1, sizeof *argv);
    if (argv == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++, text += strlen(text) + 1)
        argv[i] = text;
    return argv;
}

static void run_command(char **argv, const int in[2], const int out[2], const int err[2])
{
    setsid();
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    execvp(argv[0], argv);
    fprintf(stderr, "guest-exec: cannot start %s: %s\n", argv[0], strerror(errno));
    _exit(CANNOT_START);
}

static void kill_group(pid_t leader)
{
    kill(-leader, SIGTERM);
    for (int tenth = 0; tenth < 10 && kill(-leader, 0) == 0; tenth++) {
        waitpid(leader, NULL, WNOHANG);
        nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
    }
    kill(-leader, SIGKILL);
}

/* Passes what one of the command's streams holds; false when the stream or the client is at its end. */
static int pass(int from, int socket, char type)
{
    static char data[CHUNK];
    ssize_t n = read(from, data, sizeof data);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 1;
    return n > 0 && send_frame(socket, type, data, (uint32_t)n) == 0;
}

static int child_event; /* a pipe written by the handler of SIGCHLD, so that poll wakes */

static void on_child(int signal)
{
    (void)signal;
    int saved = errno;
    if (write(child_event, "", 1) < 0)
        errno = saved;
    errno = saved;
}

static void serve_one(int socket)
{
    char **argv = read_arguments(socket);
    if (argv == NULL)
        return;
    int in[2], out[2], err[2], event[2];
    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0
            || pipe2(event, O_CLOEXEC | O_NONBLOCK) < 0)
        return;
    child_event = event[1];
    signal(SIGPIPE, SIG_IGN);
    sigaction(SIGCHLD, &(struct sigaction){.sa_handler = on_child, .sa_flags = SA_NOCLDSTOP}, NULL);
    pid_t command = fork();
    if (command < 0)
        return;
    if (command == 0)
        run_command(argv, in, out, err);
    close(in[0]);
    close(out[1]);
    close(err[1]);
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    fcntl(err[0], F_SETFL, O_NONBLOCK);

    static char input[CHUNK];
    size_t begin = 0, end = 0; /* of what waits in `input` for the command to read it */
    uint32_t coming = 0;       /* payload of the current input frame not yet read */
    int status = 0, ended = 0;
    while (!ended) {
        struct pollfd polled[] = {
            {.fd = socket, .events = (short)(POLLRDHUP | (begin == end ? POLLIN : 0))},
            {.fd = begin == end ? -1 : in[1], .events = POLLOUT},
            {.fd = out[0], .events = POLLIN},
            {.fd = err[0], .events = POLLIN},
            {.fd = event[0], .events = POLLIN},
        };
        if (poll(polled, 5, -1) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (polled[0].revents & (POLLRDHUP | POLLHUP | POLLERR)) {
            kill_group(command);
            return;
        }
        if (polled[0].revents & POLLIN) {
            char type;
            if (coming == 0 && (read_header(socket, &type, &coming) < 0 || type != 'I')) {
                kill_group(command);
                return;
            }
            if (coming == 0) {
                close(in[1]);
                in[1] = -1;
            } else {
                ssize_t n = read(socket, input, coming < CHUNK ? coming : CHUNK);
                if (n > 0) {
                    begin = 0;
                    end = in[1] < 0 ? 0 : (size_t)n;
                    coming -= (uint32_t)n;
                }
            }
        }
        if (polled[1].revents) {
            ssize_t n = write(in[1], input + begin, end - begin);
            if (n > 0)
                begin += (size_t)n;
            else if (n < 0 && errno != EAGAIN && errno != EINTR) { /* the command reads no more */
                close(in[1]);
                in[1] = -1;
                begin = end = 0;
            }
        }
        if (polled[2].revents && !pass(out[0], socket, 'O')) {
            close(out[0]);
            out[0] = -1;
        }
        if (polled[3].revents && !pass(err[0], socket, 'E')) {
            close(err[0]);
            err[0] = -1;
        }
        if (polled[4].revents) {
            char drain[16];
            while (read(event[0], drain, sizeof drain) > 0)
                ;
            ended = waitpid(command, &status, WNOHANG) == command;
        }
    }
    /* What the command wrote is in the pipes by now; what a child it left behind will write is not waited for. */
    struct { int fd; char type; } left[] = {{out[0], 'O'}, {err[0], 'E'}};
    for (int i = 0; i < 2; i++) {
        struct pollfd polled = {.fd = left[i].fd, .events = POLLIN};
        while (polled.fd >= 0 && poll(&polled, 1, 0) == 1 && pass(polled.fd, socket, left[i].type))
            ;
    }
    uint32_t net = htonl((uint32_t)(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)));
    send_frame(socket, 'X', &net, sizeof net);
}

static void reap(int signal)
{
    (void)signal;
    int saved = errno;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    errno = saved;
}

/*
 * The kernel remembers which names the host's root has and, worse, has not: a program built on the host after somebody
 * looked for it here would stay missing. So names are forgotten every other second (drop_caches 2; 4 keeps the kernel log
 * quiet about it). What is in files stays cached, as long as their modification time is the same.
 */
static void forget_names(void)
{
    int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t written = write(fd, "4", 1);
    while (written == 1) {
        sleep(2);
        written = pwrite(fd, "2", 1, 0);
    }
}

static int own_network(void)
{
    int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        die("/proc/self/ns/net");
    return fd;
}

/* rtnetlink(7): RTM_NEWLINK with IFLA_NET_NS_FD. */
static void move_to_network(const char *nic, int network)
{
    struct {
        struct nlmsghdr header;
        struct ifinfomsg link;
        struct rtattr attribute;
        int network;
    } request = {
        .header = {sizeof request, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0},
        .link = {.ifi_family = AF_UNSPEC, .ifi_index = (int)if_nametoindex(nic)},
        .attribute = {RTA_LENGTH(sizeof(int)), IFLA_NET_NS_FD},
        .network = network,
    };
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
        char more[512];
    } answer = {0};
    if (request.link.ifi_index == 0)
        die(nic);
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0 || send(fd, &request, sizeof request, 0) < 0 || recv(fd, &answer, sizeof answer, 0) < 0)
        die(nic);
    close(fd);
    if (answer.header.nlmsg_type != NLMSG_ERROR || answer.error.error != 0) {
        errno = -answer.error.error;
        die(nic);
    }
}

static void set_up(const char *nic, const struct sockaddr_in *at)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = at->sin_addr};
    struct sockaddr_in mask = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xffff0000)};
    struct ifreq request = {0};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", nic);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(&request.ifr_addr, &own, sizeof own);
    if (fd < 0 || ioctl(fd, SIOCSIFADDR, &request) < 0)
        die(nic);
    memcpy(&request.ifr_netmask, &mask, sizeof mask);
    if (ioctl(fd, SIOCSIFNETMASK, &request) < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
        die(nic);
    request.ifr_flags |= IFF_UP;
    if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
        die(nic);
    close(fd);
}

/* The network lives as long as the socket that is returned: nobody in the guest, and no other guest, can name it. */
static int listen_apart(const char *nic, const struct sockaddr_in *at)
{
    int guests = own_network();
    if (unshare(CLONE_NEWNET) < 0)
        die("a network of its own");
    int apart = own_network();
    if (setns(guests, CLONE_NEWNET) < 0)
        die("the guest's network");
    move_to_network(nic, apart);
    if (setns(apart, CLONE_NEWNET) < 0)
        die("a network of its own");
    set_up(nic, at);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (const struct sockaddr *)at, sizeof *at) < 0 || listen(listener, 64) < 0)
        die(nic);
    if (setns(guests, CLONE_NEWNET) < 0)
        die("the guest's network");
    close(guests);
    close(apart);
    return listener;
}

static int serve(const char *nic, const char *host, const char *port)
{
    struct sockaddr_in at = address(host, port);
    int yes = 1, listener = listen_apart(nic, &at);
    sigaction(SIGCHLD, &(struct sigaction){.sa_handler = reap, .sa_flags = SA_RESTART | SA_NOCLDSTOP}, NULL);
    if (getpid() == 1 && fork() == 0) {
        close(listener);
        forget_names();
        _exit(0);
    }
    for (;;) {
        int socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (socket < 0)
            continue;
        if (fork() == 0) {
            close(listener);
            setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            serve_one(socket);
            _exit(0);
        }
        close(socket);
    }
}

/* ---- on the host ---- */

static void enter_namespace(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "/run/netns/%s", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
        die(path);
    close(fd);
}

static int connect_to(const char *host, const char *port, int millis)
{
    struct sockaddr_in at = address(host, port);
    int yes = 1, error = 0, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        die("socket");
    if (connect(fd, (struct sockaddr *)&at, sizeof at) < 0) {
        if (errno != EINPROGRESS)
            die(host);
        struct pollfd polled = {.fd = fd, .events = POLLOUT};
        socklen_t size = sizeof error;
        if (poll(&polled, 1, millis) == 0)
            error = ETIMEDOUT;
        else
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            errno = error;
            die(host);
        }
    }
    fcntl(fd, F_SETFL, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    /* A guest that was powered off sends no reset. */
    int idle = 5, interval = 2, count = 3;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
    return fd;
}

static void send_arguments(int socket, char **argv)
{
    size_t length = 0;
    for (char **a = argv; *a != NULL; a++)
        length += strlen(*a) + 1;
    char *text = malloc(length), *at = text;
    if (text == NULL || length > ARGUMENTS) {
        errno = E2BIG;
        die(argv[0]);
    }
    for (char **a = argv; *a != NULL; a++)
        at = stpcpy(at, *a) + 1;
    if (send_frame(socket, 'A', text, (uint32_t)length) < 0)
        die("send");
    free(text);
}

static int client(const char *host, const char *port, int millis, char **argv)
{
    static char data[CHUNK];
    signal(SIGPIPE, SIG_IGN);
    int socket = connect_to(host, port, millis);
    send_arguments(socket, argv);
    int input = 0;
    for (;;) {
        struct pollfd polled[] = {{.fd = socket, .events = POLLIN}, {.fd = input, .events = POLLIN}};
        if (poll(polled, 2, -1) < 0)
            continue;
        if (polled[1].revents) {
            ssize_t n = read(input, data, sizeof data);
            if (n <= 0) {
                n = 0;
                input = -1;
            }
            if (send_frame(socket, 'I', data, (uint32_t)n) < 0)
                input = -1; /* the answer, if any, is still to be read */
        }
        if (polled[0].revents) {
            char type;
            uint32_t length;
            errno = 0;
            if (read_header(socket, &type, &length) < 0 || length > CHUNK || read_all(socket, data, length) < 0) {
                fprintf(stderr, "guest-exec: the guest at %s was lost: %s\n", host,
                        errno == 0 ? "it closed the connection" : strerror(errno));
                return LOST;
            }
            if (type == 'X') {
                uint32_t net;
                memcpy(&net, data, sizeof net);
                return (int)ntohl(net);
            }
            if (write_all(type == 'E' ? 2 : 1, data, length) < 0)
                return 128 + SIGPIPE;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "serve") == 0)
        return serve(argv[2], argv[3], argv[4]);
    if (argc >= 7 && strcmp(argv[1], "client") == 0) {
        enter_namespace(argv[2]);
        return client(argv[4], argv[5], atoi(argv[3]), argv + 6);
    }
    fprintf(stderr, "usage: guest-exec serve NIC ADDRESS PORT\n"
                    "       guest-exec client NAMESPACE MILLIS ADDRESS PORT COMMAND [ARGUMENT...]\n");
    return 2;
}
