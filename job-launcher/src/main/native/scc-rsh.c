/*
 * The launch agent that Open MPI calls in ssh's place:
 *
 *     scc-rsh HOST COMMAND [ARGUMENT...]
 *
 * As with ssh, the arguments are joined with spaces and are a line for the shell of HOST; Open MPI relies on that (its
 * first argument is " orted" with a leading space, and later ones hold literal double quotes). The local agent has the
 * line run by HOST's agent, inside the job's cgroup there. We stay until it ends and pass its exit status on. Where the
 * agent goes away we end with 255, ssh's status for its own failures; when we are killed, the agent kills the command.
 *
 * On the socket: "TOKEN rsh HOST LENGTH\n" and LENGTH bytes of command; then the agent answers "exit STATUS\n".
 */
#define _GNU_SOURCE
#include "agent-socket.h"

enum { OWN_FAILURE = 255 };

static char *join(char **arguments)
{
    size_t length = 1;
    for (char **argument = arguments; *argument != NULL; argument++) {
        length += strlen(*argument) + 1;
    }
    char *line = malloc(length);
    if (line == NULL) {
        return NULL;
    }
    char *end = line;
    for (char **argument = arguments; *argument != NULL; argument++) {
        if (argument != arguments) {
            *end++ = ' ';
        }
        end = stpcpy(end, *argument);
    }
    *end = 0;
    return line;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: scc-rsh HOST COMMAND [ARGUMENT...]\n");
        return OWN_FAILURE;
    }
    char *command = join(argv + 2);
    if (command == NULL) {
        fprintf(stderr, "scc-rsh: out of memory\n");
        return OWN_FAILURE;
    }
    int agent = agent_connect();
    if (agent < 0) {
        fprintf(stderr, "scc-rsh: cannot reach this node's agent for a process on %s: %s\n", argv[1], strerror(errno));
        return OWN_FAILURE;
    }
    char head[512];
    int length = snprintf(head, sizeof head, "%s rsh %s %zu\n", getenv(SCC_TOKEN), argv[1], strlen(command));
    if (length < 0 || (size_t) length >= sizeof head) {
        fprintf(stderr, "scc-rsh: host name is too long\n");
        return OWN_FAILURE;
    }
    char answer[64];
    int status;
    if (agent_send(agent, head, (size_t) length) != 0 || agent_send(agent, command, strlen(command)) != 0
        || agent_line(agent, answer, sizeof answer) != 0 || sscanf(answer, "exit %d", &status) != 1) {
        fprintf(stderr, "scc-rsh: the agent gave up on the process on %s\n", argv[1]);
        return OWN_FAILURE;
    }
    return status & 255;
}
