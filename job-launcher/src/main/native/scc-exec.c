/*
 * Starts one process: joins a cgroup, leaves the caller's session, sets the limits that RDMA needs, and becomes the command
 * or watches over it.
 *
 *     scc-exec [-c CGROUP] [-d DIRECTORY] -- COMMAND [ARGUMENT...]      becomes the command
 *     scc-exec [-c CGROUP] -r REPORT -o ORDER                           watches over the command that ORDER has
 *
 *   -c  directory of a cgroup v2 to join; everything that the command ever starts is in it
 *   -d  working directory
 *   -o  file with the working directory, the number of words, the words and the environment, each ended by a zero byte; it
 *       is removed. What is in a file has its bytes as they are; on the command line they would have gone through the
 *       locale of the JVM that started us
 *   -r  file to write one line into: "exit STATUS" or "signal NUMBER", which an exit status above 128 could not tell apart,
 *       or "exec ERRNO", "directory ERRNO", "setup ERRNO" when the command could not be started. Without that line we have
 *       been killed ourselves
 *
 * Exit status when the command could not be started, as in POSIX shells: 127 not found, 126 found but not executable,
 * 125 for anything before that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What went wrong in the child, for the one that watches. */
struct failure {
    char phase[16];
    int error;
};

static const char *report_file;

static void report(const char *what, int number)
{
    FILE *file = report_file == NULL ? NULL : fopen(report_file, "we");
    if (file != NULL) {
        fprintf(file, "%s %d\n", what, number);
        fclose(file);
    }
}

static int status_of(const char *phase, int error)
{
    return strcmp(phase, "exec") != 0 ? 125 : error == ENOENT || error == ENOTDIR ? 127 : 126;
}

static void complain(const char *what, int error)
{
    fprintf(stderr, "scc-exec: %s: %s\n", what, strerror(error));
}

static _Noreturn void give_up(const char *phase, const char *what, int error)
{
    complain(what, error);
    report(phase, error);
    _exit(status_of(phase, error));
}

static void join_cgroup(const char *directory)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/cgroup.procs", directory);
    if (length < 0 || (size_t) length >= sizeof path) {
        give_up("setup", directory, ENAMETOOLONG);
    }
    int procs = open(path, O_WRONLY | O_CLOEXEC);
    if (procs < 0 || write(procs, "0", 1) != 1) {
        give_up("setup", path, errno);
    }
    close(procs);
}

/* The JVM that started us ignores or blocks some signals; both are inherited through exec. */
static void reset_signals(void)
{
    for (int number = 1; number < NSIG; number++) {
        if (number != SIGKILL && number != SIGSTOP) {
            signal(number, SIG_DFL);
        }
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void set_limit(int resource, rlim_t value)
{
    struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
    if (setrlimit(resource, &limit) != 0) {
        /* Not allowed to raise it: as far as the hard limit goes. */
        getrlimit(resource, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(resource, &limit);
    }
}

/* Becomes the command, or says why not. */
static struct failure become(const char *directory, char **command)
{
    struct failure failure = {.phase = "setup"};
    if (setsid() < 0 && errno != EPERM) {
        failure.error = errno;
        complain("setsid", failure.error);
        return failure;
    }
    reset_signals();
    set_limit(RLIMIT_MEMLOCK, RLIM_INFINITY);
    struct rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (directory != NULL && chdir(directory) != 0) {
        strcpy(failure.phase, "directory");
        failure.error = errno;
        complain(directory, failure.error);
        return failure;
    }
    execvp(command[0], command);
    strcpy(failure.phase, "exec");
    failure.error = errno;
    complain(command[0], failure.error);
    return failure;
}

/* All of the file, ended by a zero byte. */
static char *contents(const char *path, size_t *size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (file < 0 || fstat(file, &info) != 0) {
        give_up("setup", path, errno);
    }
    char *bytes = malloc((size_t) info.st_size + 1);
    if (bytes == NULL) {
        give_up("setup", path, ENOMEM);
    }
    *size = 0;
    ssize_t count;
    while (*size < (size_t) info.st_size && (count = read(file, bytes + *size, (size_t) info.st_size - *size)) > 0) {
        *size += (size_t) count;
    }
    bytes[*size] = 0;
    close(file);
    unlink(path);
    return bytes;
}

/* The texts of an order one after the other; the last is followed by NULL. */
static char **texts(char *bytes, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += bytes[i] == 0;
    }
    char **list = calloc(count + 1, sizeof *list);
    if (list == NULL) {
        give_up("setup", "order", ENOMEM);
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = bytes;
        bytes += strlen(bytes) + 1;
    }
    return list;
}

static _Noreturn void run(char **order)
{
    size_t words = 0;
    if (order[0] == NULL || order[1] == NULL || (words = strtoul(order[1], NULL, 10)) == 0) {
        give_up("setup", "order", EINVAL);
    }
    char **command = calloc(words + 1, sizeof *command);
    if (command == NULL) {
        give_up("setup", "order", ENOMEM);
    }
    for (size_t i = 0; i < words; i++) {
        if (order[i + 2] == NULL) {
            give_up("setup", "order", EINVAL);
        }
        command[i] = order[i + 2];
    }
    environ = order + 2 + words;
    struct failure failure;
    int telling[2];
    if (pipe2(telling, O_CLOEXEC) != 0) {
        give_up("setup", "pipe", errno);
    }
    pid_t child = fork();
    if (child < 0) {
        give_up("setup", "fork", errno);
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* What nobody watches must not go on. */
        failure = become(order[0], command);
        ssize_t told = write(telling[1], &failure, sizeof failure);
        _exit(told == sizeof failure ? 125 : 124);
    }
    close(telling[1]);
    /* The command's streams are its own: whoever reads them must see their end. */
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int stream = 0; stream <= 2 && nothing >= 0; stream++) {
        dup2(nothing, stream);
    }
    ssize_t count = read(telling[0], &failure, sizeof failure);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (count == sizeof failure) {
        report(failure.phase, failure.error);
        _exit(status_of(failure.phase, failure.error));
    }
    if (WIFSIGNALED(status)) {
        report("signal", WTERMSIG(status));
        _exit(128 + WTERMSIG(status));
    }
    report("exit", WEXITSTATUS(status));
    _exit(WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
    const char *cgroup = NULL;
    const char *directory = NULL;
    const char *order = NULL;
    int option;
    while ((option = getopt(argc, argv, "+c:d:o:r:")) != -1) {
        switch (option) {
        case 'c':
            cgroup = optarg;
            break;
        case 'd':
            directory = optarg;
            break;
        case 'o':
            order = optarg;
            break;
        case 'r':
            report_file = optarg;
            break;
        default:
            return 125;
        }
    }
    if ((order == NULL) == (optind >= argc)) {
        fprintf(stderr, "usage: scc-exec [-c CGROUP] [-d DIRECTORY] -- COMMAND [ARGUMENT...]\n"
                        "       scc-exec [-c CGROUP] -r REPORT -o ORDER\n");
        return 125;
    }
    if (cgroup != NULL) {
        join_cgroup(cgroup);
    }
    if (order != NULL) {
        size_t size;
        char *bytes = contents(order, &size);
        run(texts(bytes, size));
    }
    struct failure failure = become(directory, argv + optind);
    return status_of(failure.phase, failure.error);
}
