/*
 * Starts one process of a job: joins the job's cgroup, leaves the agent's session, sets the limits that RDMA needs, and
 * becomes the command.
 *
 *     scc-exec [-c CGROUP] [-d DIRECTORY] [-r REPORT] [-p] -- COMMAND [ARGUMENT...]
 *
 *   -c  directory of a cgroup v2 to join; everything that the command ever starts is in it
 *   -d  working directory; where it does not exist on this node, "/" is used
 *   -r  file to write one line into when the command could not be started: "exec ERRNO" or "setup ERRNO"
 *   -p  be killed when the thread that started us ends
 *
 * Exit status when the command could not be started, as in POSIX shells: 127 not found, 126 found but not executable,
 * 125 for anything before that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *report_file;

static _Noreturn void give_up(const char *phase, const char *what, int error, int status)
{
    fprintf(stderr, "scc-exec: %s: %s\n", what, strerror(error));
    if (report_file != NULL) {
        FILE *report = fopen(report_file, "we");
        if (report != NULL) {
            fprintf(report, "%s %d\n", phase, error);
            fclose(report);
        }
    }
    _exit(status);
}

static void join_cgroup(const char *directory)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/cgroup.procs", directory);
    if (length < 0 || (size_t) length >= sizeof path) {
        give_up("setup", directory, ENAMETOOLONG, 125);
    }
    int procs = open(path, O_WRONLY | O_CLOEXEC);
    if (procs < 0 || write(procs, "0", 1) != 1) {
        give_up("setup", path, errno, 125);
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

int main(int argc, char **argv)
{
    const char *cgroup = NULL;
    const char *directory = NULL;
    bool die_with_parent = false;
    int option;
    while ((option = getopt(argc, argv, "+c:d:r:p")) != -1) {
        switch (option) {
        case 'c':
            cgroup = optarg;
            break;
        case 'd':
            directory = optarg;
            break;
        case 'r':
            report_file = optarg;
            break;
        case 'p':
            die_with_parent = true;
            break;
        default:
            return 125;
        }
    }
    if (optind >= argc) {
        fprintf(stderr, "usage: scc-exec [-c CGROUP] [-d DIRECTORY] [-r REPORT] [-p] -- COMMAND [ARGUMENT...]\n");
        return 125;
    }
    if (cgroup != NULL) {
        join_cgroup(cgroup);
    }
    if (setsid() < 0 && errno != EPERM) {
        give_up("setup", "setsid", errno, 125);
    }
    reset_signals();
    set_limit(RLIMIT_MEMLOCK, RLIM_INFINITY);
    struct rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (directory != NULL && chdir(directory) != 0 && chdir("/") != 0) {
        give_up("setup", "/", errno, 125);
    }
    if (die_with_parent && prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
        give_up("setup", "PR_SET_PDEATHSIG", errno, 125);
    }
    execvp(argv[optind], argv + optind);
    int error = errno;
    give_up("exec", argv[optind], error, error == ENOENT || error == ENOTDIR ? 127 : 126);
}
