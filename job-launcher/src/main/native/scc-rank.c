/*
 * Runs one rank under a launcher that is not ours (Open MPI's daemons), so that the agent learns first hand how it ended:
 *
 *     scc-rank COMMAND [ARGUMENT...]
 *
 * The agent is told of an abnormal end only, and before anyone else can see it: "TOKEN ended RANK exit STATUS",
 * "... signal NUMBER" or "... exec ERRNO". An end that the launcher asked for by a signal is not reported, because it
 * is no cause of anything. Then we end the same way as the rank did.
 */
#define _GNU_SOURCE
#include "agent-socket.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

static volatile pid_t rank_pid;
static volatile sig_atomic_t told_to_end;

static void pass_on(int number)
{
    if (number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT) {
        told_to_end = 1;
    }
    if (rank_pid > 0) {
        kill(rank_pid, number);
    }
}

static void tell_agent(const char *how, int number)
{
    const char *rank = getenv("OMPI_COMM_WORLD_RANK");
    int agent = agent_connect();
    if (agent < 0) {
        return;
    }
    struct timeval patience = {.tv_sec = 5};
    setsockopt(agent, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    char line[512];
    int length = snprintf(line, sizeof line, "%s ended %s %s %d\n", getenv(SCC_TOKEN), rank == NULL ? "0" : rank, how,
                          number);
    if (length > 0 && (size_t) length < sizeof line && agent_send(agent, line, (size_t) length) == 0) {
        /* Only an answer means that the agent has it before the launcher sees us end. */
        agent_line(agent, line, sizeof line);
    }
    close(agent);
}

static const int passed[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
enum { PASSED = sizeof passed / sizeof passed[0] };

static _Noreturn void become(char **command, int failure, const sigset_t *mask)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; i < PASSED; i++) {
        signal(passed[i], SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(command[0], command);
    int error = errno;
    if (write(failure, &error, sizeof error) != sizeof error) {
        _exit(125);
    }
    _exit(error == ENOENT || error == ENOTDIR ? 127 : 126);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: scc-rank COMMAND [ARGUMENT...]\n");
        return 125;
    }
    /* Held back until there is a rank: one that comes before the child's id is noted would reach nobody. */
    struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
    sigset_t held;
    sigset_t before;
    sigemptyset(&held);
    for (int i = 0; i < PASSED; i++) {
        sigaddset(&held, passed[i]);
    }
    sigprocmask(SIG_BLOCK, &held, &before);
    for (int i = 0; i < PASSED; i++) {
        sigaction(passed[i], &action, NULL);
    }
    int failure[2];
    if (pipe2(failure, O_CLOEXEC) != 0) {
        perror("scc-rank: pipe");
        return 125;
    }
    pid_t child = fork();
    if (child < 0) {
        perror("scc-rank: fork");
        return 125;
    }
    if (child == 0) {
        become(argv + 1, failure[1], &before);
    }
    rank_pid = child;
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(failure[1]);
    int error = 0;
    bool failed = read(failure[0], &error, sizeof error) == sizeof error;
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (failed) {
        fprintf(stderr, "scc-rank: %s: %s\n", argv[1], strerror(error));
        tell_agent("exec", error);
        return WEXITSTATUS(status);
    }
    if (WIFSIGNALED(status)) {
        if (!told_to_end) {
            tell_agent("signal", WTERMSIG(status));
        }
        struct rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};
        setrlimit(RLIMIT_CORE, &no_core);
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
        return 128 + WTERMSIG(status);
    }
    if (WEXITSTATUS(status) != 0 && !told_to_end) {
        tell_agent("exit", WEXITSTATUS(status));
    }
    return WEXITSTATUS(status);
}
