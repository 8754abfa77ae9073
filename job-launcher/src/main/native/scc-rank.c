/*
 * Runs one rank under a launcher that is not ours (Open MPI's daemons), so that the agent has its output and learns how it
 * ended first hand:
 *
 *     scc-rank [COMMAND [ARGUMENT...]]
 *
 * Without a command its words are in SCC_RANK_WORD_0, SCC_RANK_WORD_1, ..., as many as SCC_RANK_WORDS says: on mpirun's own
 * command line it would take some for its own, such as a lone ":".
 *
 * The rank writes into two FIFOs that the agent reads ("TOKEN streams RANK PATH", then PATH.out and PATH.err): the
 * launcher's own way for output mixes the lines of ranks. When the rank has ended the agent is told, and answers when it has
 * all of its output: "TOKEN ended RANK exit STATUS", "... signal NUMBER" or "... exec ERRNO" of an abnormal end, before
 * anyone else can see it, and "... done 0" of any other. An end that the launcher asked for by a signal is no cause of
 * anything, and counts as such. Then we end the same way as the rank did.
 */
#define _GNU_SOURCE
#include "agent-socket.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "processors.h"

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

static const char *rank_number(void)
{
    const char *rank = getenv("OMPI_COMM_WORLD_RANK");
    return rank == NULL ? "0" : rank;
}

/* Says something to the agent and waits for its answer, which means that it has acted on it. */
static int say(const char *what, const char *more, int number)
{
    int agent = agent_connect();
    if (agent < 0) {
        return -1;
    }
    char line[512];
    int length = snprintf(line, sizeof line, "%s %s %s %s %d\n", getenv(SCC_TOKEN), what, rank_number(), more, number);
    int result = length > 0 && (size_t) length < sizeof line && agent_send(agent, line, (size_t) length) == 0
        ? agent_line(agent, line, sizeof line)
        : -1;
    close(agent);
    return result;
}

/* Both ends of the rank's two streams; the agent can open them without anybody waiting for anybody. */
struct streams {
    int out;
    int err;
};

static int fifo(const char *base, const char *ending, int *held)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s%s", base, ending);
    if (length < 0 || (size_t) length >= sizeof path || mkfifo(path, 0600) != 0) {
        return -1;
    }
    *held = open(path, O_RDWR | O_CLOEXEC);
    return *held < 0 ? -1 : open(path, O_WRONLY | O_CLOEXEC);
}

static void remove_fifo(const char *base, const char *ending)
{
    char path[4096];
    if ((size_t) snprintf(path, sizeof path, "%s%s", base, ending) < sizeof path) {
        unlink(path);
    }
}

/* Streams that the agent reads; {-1, -1} where there is no agent, as outside a job. */
static struct streams streams_to_agent(void)
{
    struct streams streams = {-1, -1};
    const char *socket = getenv(SCC_SOCKET);
    size_t length = socket == NULL ? 0 : strlen(socket);
    if (length < strlen(".sock") || strcmp(socket + length - strlen(".sock"), ".sock") != 0) {
        return streams;
    }
    char base[400];
    int held[2] = {-1, -1};
    if ((size_t) snprintf(base, sizeof base, "%.*s/rank-%s", (int) (length - strlen(".sock")), socket, rank_number())
        < sizeof base) {
        streams.out = fifo(base, ".out", &held[0]);
        streams.err = fifo(base, ".err", &held[1]);
        if (streams.out < 0 || streams.err < 0 || say("streams", base, 0) != 0) {
            perror("scc-rank: this node's agent does not take the rank's output");
            exit(125);
        }
        remove_fifo(base, ".out");
        remove_fifo(base, ".err");
        close(held[0]);
        close(held[1]);
    }
    return streams;
}

/* The words of the command that the environment has; they do not stay in it. */
static char **words_of_environment(void)
{
    const char *count = getenv("SCC_RANK_WORDS");
    long words = count == NULL ? 0 : strtol(count, NULL, 10);
    char **command = words <= 0 ? NULL : calloc((size_t) words + 1, sizeof *command);
    for (long i = 0; command != NULL && i < words; i++) {
        char name[64];
        snprintf(name, sizeof name, "SCC_RANK_WORD_%ld", i);
        const char *word = getenv(name);
        command[i] = word == NULL ? NULL : strdup(word);
        if (command[i] == NULL) {
            return NULL;
        }
        unsetenv(name);
    }
    unsetenv("SCC_RANK_WORDS");
    return command;
}

/*
 * Of a variable that has a word for each rank of the node the place of the own one; those that the launcher has placed have
 * numbers here. See NodeJob.
 */
static const char *own_word(const char *words)
{
    const char *local = getenv("OMPI_COMM_WORLD_LOCAL_RANK");
    for (long skip = local == NULL ? 0 : strtol(local, NULL, 10); skip > 0 && words != NULL; skip--) {
        const char *blank = strchr(words, ' ');
        words = blank == NULL ? NULL : blank + 1;
    }
    return words;
}

/* SCC_CPUS has lists of processors, SCC_RAILS names of RDMA devices. */
static void bind_rank(void)
{
    const char *lists = getenv("SCC_CPUS");
    if (lists == NULL || getenv("OMPI_COMM_WORLD_LOCAL_RANK") == NULL) {
        return;
    }
    lists = own_word(lists);
    int error = lists == NULL ? EINVAL : bind_to(lists);
    if (error != 0) {
        fprintf(stderr, "scc-rank: processors: %s\n", strerror(error));
        _exit(125);
    }
    const char *rails = getenv("SCC_RAILS");
    rails = rails == NULL ? NULL : own_word(rails);
    if (rails != NULL) {
        char rail[64];
        snprintf(rail, sizeof rail, "%.*s", (int) strcspn(rails, " "), rails);
        setenv("SCC_RAIL", rail, 1);
        unsetenv("SCC_RAILS");
    }
}

static const int passed[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
enum { PASSED = sizeof passed / sizeof passed[0] };

static _Noreturn void become(char **command, struct streams streams, int failure, const sigset_t *mask)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (streams.out >= 0) {
        dup2(streams.out, STDOUT_FILENO);
        dup2(streams.err, STDERR_FILENO);
    }
    for (int i = 0; i < PASSED; i++) {
        signal(passed[i], SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
    bind_rank();
    /* The launcher's own directory need not be there on every node; what the job has brought along is. */
    const char *stage = getenv("SCC_STAGE");
    if (stage != NULL && chdir(stage) != 0) {
        fprintf(stderr, "scc-rank: %s: %s\n", stage, strerror(errno));
        _exit(125);
    }
    execvp(command[0], command);
    int error = errno;
    fprintf(stderr, "scc-rank: %s: %s\n", command[0], strerror(error));
    if (write(failure, &error, sizeof error) != sizeof error) {
        _exit(125);
    }
    _exit(error == ENOENT || error == ENOTDIR ? 127 : 126);
}

int main(int argc, char **argv)
{
    char **command = argc < 2 ? words_of_environment() : argv + 1;
    if (command == NULL) {
        fprintf(stderr, "usage: scc-rank [COMMAND [ARGUMENT...]]\n");
        return 125;
    }
    if (getenv("PMI_PORT") != NULL) {
        /* A program of MPICH under Open MPI's launcher then says at the job's PMI server who it is. */
        setenv("PMI_ID", rank_number(), 1);
    }
    struct streams streams = streams_to_agent();
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
        become(command, streams, failure[1], &before);
    }
    rank_pid = child;
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(failure[1]);
    if (streams.out >= 0) {
        close(streams.out);
        close(streams.err);
    }
    int error = 0;
    bool failed = read(failure[0], &error, sizeof error) == sizeof error;
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (failed) {
        say("ended", "exec", error);
        return WEXITSTATUS(status);
    }
    if (WIFSIGNALED(status)) {
        say("ended", told_to_end ? "done" : "signal", told_to_end ? 0 : WTERMSIG(status));
        struct rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};
        setrlimit(RLIMIT_CORE, &no_core);
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
        return 128 + WTERMSIG(status);
    }
    bool blamed = WEXITSTATUS(status) != 0 && !told_to_end;
    say("ended", blamed ? "exit" : "done", blamed ? WEXITSTATUS(status) : 0);
    return WEXITSTATUS(status);
}
