/*
 * scc-cni: the plugin that container runtimes start (Container Network Interface, version 1.1). It gives what they say to the
 * agent of its node, which knows everything else, and prints what that answers. Only VERSION it answers by itself.
 *
 * To the agent, over its Unix socket (key "socket" of the configuration): "scc-cni 1", then command, container, interface,
 * network namespace, arguments and the configuration, each as its length in decimal, a newline, and that many bytes. From the agent:
 * the exit status, 0 or 1, a newline, and what is to be printed until it closes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LARGEST (1 << 20)
#define SECONDS 120
#define USUAL_SOCKET "/var/lib/scc/agent/cni.sock"
#define SUPPORTED "\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\""

enum { IO_FAILURE = 5, UNREADABLE = 6, LATER = 11, BAD_ENVIRONMENT = 4, NOT_AVAILABLE = 50 };

static char version[32] = "1.1.0";

static void put_text(const char *text)
{
    putchar('"');
    for (const unsigned char *at = (const unsigned char *) text; *at != 0; at++) {
        if (*at == '"' || *at == '\\') {
            printf("\\%c", *at);
        } else if (*at < 0x20) {
            printf("\\u%04x", *at);
        } else {
            putchar(*at);
        }
    }
    putchar('"');
}

static void fail(int code, const char *what, const char *why)
{
    printf("{\"cniVersion\":");
    put_text(version);
    printf(",\"code\":%d,\"msg\":", code);
    put_text(what);
    printf(",\"details\":");
    put_text(why);
    printf("}\n");
    exit(1);
}

/* After the string that begins at `at`; NULL if it does not end. */
static const char *after_string(const char *at, const char *end)
{
    for (at++; at < end; at++) {
        if (*at == '\\') {
            at++;
        } else if (*at == '"') {
            return at + 1;
        }
    }
    return NULL;
}

/* The string that a key of the outermost object has; false if there is none that is short enough and without escapes. The agent
   reads the whole, and says what is wrong with it. */
static bool find(const char *text, size_t length, const char *key, char *value, size_t size)
{
    const char *end = text + length;
    int depth = 0;
    bool wanted = false;
    for (const char *at = text; at < end;) {
        if (*at != '"') {
            depth += *at == '{' || *at == '[';
            depth -= *at == '}' || *at == ']';
            wanted = wanted && (*at == ':' || *at == ' ' || *at == '\t' || *at == '\n' || *at == '\r');
            at++;
            continue;
        }
        const char *next = after_string(at, end);
        if (next == NULL) {
            return false;
        }
        size_t count = (size_t) (next - at) - 2;
        if (wanted) {
            if (count >= size || memchr(at + 1, '\\', count) != NULL) {
                return false;
            }
            memcpy(value, at + 1, count);
            value[count] = 0;
            return true;
        }
        const char *colon = next;
        while (colon < end && strchr(" \t\r\n", *colon) != NULL && *colon != 0) {
            colon++;
        }
        wanted = depth == 1 && colon < end && *colon == ':' && count == strlen(key) && memcmp(at + 1, key, count) == 0;
        at = next;
    }
    return false;
}

/* All of standard input. */
static char *configuration(size_t *length)
{
    char *text = malloc(LARGEST);
    if (text == NULL) {
        fail(IO_FAILURE, "no memory for the configuration", strerror(errno));
    }
    size_t used = 0;
    while (used < LARGEST) {
        ssize_t got = read(STDIN_FILENO, text + used, LARGEST - used);
        if (got == 0) {
            *length = used;
            return text;
        }
        if (got < 0 && errno != EINTR) {
            fail(IO_FAILURE, "cannot read the configuration from standard input", strerror(errno));
        }
        used += got > 0 ? (size_t) got : 0;
    }
    fail(UNREADABLE, "the configuration is larger than a megabyte", "");
    return NULL;
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

static void say(int agent, const char *bytes, size_t length)
{
    char head[32];
    int digits = snprintf(head, sizeof head, "%zu\n", length);
    const struct { const char *at; size_t length; } parts[] = {{head, (size_t) digits}, {bytes, length}};
    for (size_t part = 0; part < 2; part++) {
        for (size_t done = 0; done < parts[part].length;) {
            ssize_t sent = send(agent, parts[part].at + done, parts[part].length - done, MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) {
                continue;
            }
            if (sent < 0) {
                fail(LATER, "the node's agent does not listen to the end", strerror(errno));
            }
            done += (size_t) sent;
        }
    }
}

/* What the agent answers, printed; its exit status. */
static int answer(int agent)
{
    char *text = malloc(LARGEST);
    size_t used = 0;
    time_t end = time(NULL) + SECONDS;
    while (text != NULL && used < LARGEST) {
        struct pollfd ready = {.fd = agent, .events = POLLIN};
        time_t left = end - time(NULL);
        int heard = left <= 0 ? 0 : poll(&ready, 1, (int) left * 1000);
        if (heard == 0) {
            fail(LATER, "the node's agent has not answered in time; what was asked for may be under way", "");
        }
        ssize_t got = heard < 0 ? -1 : recv(agent, text + used, LARGEST - used, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        used += (size_t) got;
    }
    if (text == NULL || used < 2 || (text[0] != '0' && text[0] != '1') || text[1] != '\n') {
        fail(LATER, "the node's agent ended before it had answered; what was asked for may be under way", "");
    }
    fwrite(text + 2, 1, used - 2, stdout);
    return text[0] - '0';
}

/* Connects to the socket of that path, which may be longer than an address of the kernel's; 0, or -1 with errno. */
static int reach(int agent, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *slash = strrchr(path, '/');
    int directory = -1;
    int length = (int) strlen(path);
    if (length < (int) sizeof address.sun_path) {
        strcpy(address.sun_path, path);
    } else if (slash != NULL) {
        char parent[PATH_MAX];
        snprintf(parent, sizeof parent, "%.*s/", (int) (slash - path), path);
        directory = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (directory < 0) {
            return -1;
        }
        length = snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d%s", directory, slash);
    }
    if (length >= (int) sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int result = connect(agent, (struct sockaddr *) &address, sizeof address);
    int error = errno;
    if (directory >= 0) {
        close(directory);
    }
    errno = error;
    return result;
}

int main(void)
{
    const char *command = environment("CNI_COMMAND");
    size_t length = 0;
    char *text = configuration(&length);
    find(text, length, "cniVersion", version, sizeof version);
    if (strcmp(command, "VERSION") == 0) {
        printf("{\"cniVersion\":");
        put_text(version);
        printf(",\"supportedVersions\":[" SUPPORTED "]}\n");
        return 0;
    }
    if (*command == 0) {
        fail(BAD_ENVIRONMENT, "CNI_COMMAND is not set", "scc-cni is started by container runtimes");
    }
    char path[PATH_MAX] = USUAL_SOCKET;
    find(text, length, "socket", path, sizeof path);
    int agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval most = {.tv_sec = 10}; /* An agent that is stopped takes nothing. */
    if (agent < 0 || setsockopt(agent, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most) != 0 || reach(agent, path) != 0) {
        char why[256];
        snprintf(why, sizeof why, "%.200s: %s", path, strerror(errno));
        bool status = strcmp(command, "STATUS") == 0;
        fail(status ? NOT_AVAILABLE : LATER, "the node's agent cannot be reached; is scc agent running?", why);
    }
    const char *hello = "scc-cni 1\n";
    if (send(agent, hello, strlen(hello), MSG_NOSIGNAL) != (ssize_t) strlen(hello)) {
        fail(LATER, "the node's agent does not listen", strerror(errno));
    }
    const char *names[] = {"CNI_COMMAND", "CNI_CONTAINERID", "CNI_IFNAME", "CNI_NETNS", "CNI_ARGS"};
    for (size_t number = 0; number < sizeof names / sizeof *names; number++) {
        const char *value = environment(names[number]);
        say(agent, value, strlen(value));
    }
    say(agent, text, length);
    return answer(agent);
}
