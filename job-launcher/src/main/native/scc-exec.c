/*
 * Starts one process: joins a cgroup, leaves the caller's session, sets limits, gives up what the command's user may not do,
 * and becomes the command or watches over it.
 *
 *     scc-exec [OPTION...] [-d DIRECTORY] -- COMMAND [ARGUMENT...]      becomes the command
 *     scc-exec [OPTION...] -r REPORT -o ORDER                           watches over the command that ORDER has
 *     scc-exec [OPTION...] -s -- COMMAND [ARGUMENT...]                  keeps all that the command ever starts below itself
 *
 *   -b  processors that the command may run on, and all that it starts, such as 0,2
 *   -c  directory of a cgroup v2 to join; everything that the command ever starts is in it
 *   -m  where cgroups of version 2 are mounted: the command sees its own there, as the root, and read-only
 *   -s  what loses its parent becomes our child (a subreaper's, prctl(2)): a process may leave its session and its cgroup, if
 *       it is root, but not its descent. When the command has ended, all of it is killed
 *   -u  UID:GID:GROUP,GROUP,... that the command runs as: numbers, so that nobody's configuration decides here who that is.
 *       It has no capabilities then, and cannot get any, whatever it executes. Without -u it runs as we do
 *   -p  the most processes and threads of that user (RLIMIT_NPROC)
 *   -d  working directory, entered with the user's rights
 *   -o  file with the working directory, the number of words, the words and the environment, each ended by a zero byte; it
 *       is removed. What is in a file has its bytes as they are; on the command line they would have gone through the
 *       locale of the JVM that started us
 *   -t  ROWSxCOLUMNS: the command that ORDER has gets a terminal of that size, see terminal.h
 *   -r  file to write one line into: "exit STATUS" or "signal NUMBER", which an exit status above 128 could not tell apart,
 *       or "exec ERRNO", "directory ERRNO", "setup ERRNO" when the command could not be started. Without that line we have
 *       been killed ourselves
 *
 * The environment of ORDER is the command's, and takes effect there alone: we are started with none, load nothing after it
 * is set, and are the user by the time that something is executed.
 *
 * Exit status when the command could not be started, as in POSIX shells: 127 not found, 126 found but not executable,
 * 125 for anything before that.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "processors.h"
#include "terminal.h"

enum { FIRST_INHERITED = 3, USUAL_UMASK = 022, MOST_LOOKS = 500, BETWEEN_LOOKS_MICROS = 20000 };

/* Whom the command runs as. */
struct user {
    bool given;
    uid_t uid;
    gid_t gid;
    gid_t groups[NGROUPS_MAX];
    size_t group_count;
};

static struct user user;
static rlim_t most_processes;
static const char *cgroup_mount;
static bool wants_terminal;
static unsigned terminal_rows;
static unsigned terminal_columns;
static struct terminal terminal = {-1, -1};

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

/* A number up to 2^32 - 2 (the last one stands for "no id"), and the character that ends it. */
static unsigned long id(const char **text, const char *ends)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(*text, &end, 10);
    if (errno != 0 || **text < '0' || **text > '9' || value >= 0xFFFFFFFFUL || strchr(ends, *end) == NULL) {
        give_up("setup", "user", EINVAL);
    }
    *text = *end == 0 ? end : end + 1;
    return value;
}

static void read_user(const char *text)
{
    user.uid = (uid_t) id(&text, ":");
    user.gid = (gid_t) id(&text, ":");
    while (*text != 0) {
        if (user.group_count == NGROUPS_MAX) {
            give_up("setup", "user", E2BIG);
        }
        user.groups[user.group_count++] = (gid_t) id(&text, ",");
    }
    user.given = true;
}

/* Leaves nothing of what root may do, also not for programs that would give it to whoever executes them. */
static int become_user(void)
{
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
            return errno;
        }
    }
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 || setgroups(user.group_count, user.groups) != 0
        || setresgid(user.gid, user.gid, user.gid) != 0 || setresuid(user.uid, user.uid, user.uid) != 0) {
        return errno;
    }
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capset, &header, none) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return errno;
    }
    uid_t uids[3];
    gid_t gids[3];
    if (getresuid(&uids[0], &uids[1], &uids[2]) != 0 || getresgid(&gids[0], &gids[1], &gids[2]) != 0) {
        return errno;
    }
    for (int i = 0; i < 3; i++) {
        if (uids[i] != user.uid || gids[i] != user.gid) {
            return EPERM;
        }
    }
    /* What cannot be undone is undone in vain. */
    return user.uid != 0 && (setuid(0) == 0 || setgid(0) == 0) ? EPERM : 0;
}

/* Our streams are pipes of root's; opened anew, as /dev/stdout, they are to be the command's own. */
static void hand_over_streams(void)
{
    for (int stream = 0; stream < FIRST_INHERITED; stream++) {
        struct stat info;
        if (fstat(stream, &info) == 0 && S_ISFIFO(info.st_mode) && fchown(stream, user.uid, user.gid) != 0) {
            complain("hand over a stream", errno);
        }
    }
}

/* Of all cgroups the command is to see its own alone, and to change none. */
static int show_own_cgroup(void)
{
    if (unshare(CLONE_NEWNS | CLONE_NEWCGROUP) != 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) {
        return errno;
    }
    unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    /* The kernel does not mount it over itself (EBUSY), and there may be several on top of each other. */
    while (umount2(cgroup_mount, MNT_DETACH) == 0) {
        if (mount("cgroup2", cgroup_mount, "cgroup2", flags, NULL) == 0) {
            return 0;
        }
        if (errno != EBUSY) {
            return errno;
        }
    }
    return errno;
}

/* What the out-of-memory killer thinks of us, -1000 (never) to 1000; children inherit it. False where that is not allowed. */
static bool set_oom_score(const char *score)
{
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    bool set = file >= 0 && write(file, score, strlen(score)) == (ssize_t) strlen(score);
    if (file >= 0) {
        close(file);
    }
    return set;
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

/*
 * Becomes the command, or says why not.
 *
 * keep is a descriptor that stays until then, or -1. All others go before the directory is entered: /proc/self/fd would lead
 * to what one of ours that was forgotten is open on.
 */
static struct failure become(const char *directory, char **command, int keep)
{
    struct failure failure = {.phase = "setup"};
    if (setsid() < 0 && errno != EPERM) {
        failure.error = errno;
        complain("setsid", failure.error);
        return failure;
    }
    if (terminal.slave >= 0 && (failure.error = take_terminal(&terminal)) != 0) {
        complain("terminal", failure.error);
        return failure;
    }
    reset_signals();
    set_limit(RLIMIT_MEMLOCK, RLIM_INFINITY);
    struct rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &no_core);
    umask(USUAL_UMASK);
    if ((keep >= 0 || user.given) && !set_oom_score("0")) {
        complain("oom_score_adj", errno); /* Whoever started us is spared; a job is not, and cannot go back. */
    }
    if (cgroup_mount != NULL && (failure.error = show_own_cgroup()) != 0) {
        complain(cgroup_mount, failure.error);
        return failure;
    }
    if (keep >= FIRST_INHERITED) {
        if (keep > FIRST_INHERITED) {
            close_range(FIRST_INHERITED, (unsigned) keep - 1, 0);
        }
        close_range((unsigned) keep + 1, ~0U, 0);
    } else {
        close_range(FIRST_INHERITED, ~0U, 0);
    }
    if (user.given) {
        if (most_processes > 0) {
            set_limit(RLIMIT_NPROC, most_processes);
        }
        hand_over_streams();
        failure.error = become_user();
        if (failure.error != 0) {
            complain("become the user of the job", failure.error);
            return failure;
        }
    }
    if (keep >= 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* What nobody watches must not go on. A change of user forgets it. */
    }
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
    if (wants_terminal) {
        int error = open_terminal(&terminal, terminal_rows, terminal_columns, user.given ? user.uid : getuid(),
                                  user.given ? user.gid : getgid());
        if (error != 0) {
            give_up("setup", "terminal", error);
        }
        sigset_t ends;
        sigemptyset(&ends);
        sigaddset(&ends, SIGCHLD);
        sigprocmask(SIG_BLOCK, &ends, NULL);
    }
    pid_t child = fork();
    if (child < 0) {
        give_up("setup", "fork", errno);
    }
    if (child == 0) {
        failure = become(order[0], command, telling[1]);
        ssize_t told = write(telling[1], &failure, sizeof failure);
        _exit(told == sizeof failure ? 125 : 124);
    }
    close(telling[1]);
    int status = 0;
    if (wants_terminal) {
        status = carry(&terminal, child);
    }
    /* The command's streams are its own: whoever reads them must see their end. */
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int stream = 0; stream <= 2 && nothing >= 0; stream++) {
        dup2(nothing, stream);
    }
    ssize_t count = read(telling[0], &failure, sizeof failure);
    while (!wants_terminal && waitpid(child, &status, 0) < 0 && errno == EINTR) {
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

static volatile pid_t supervised;

static void pass_on(int number)
{
    if (supervised > 0) {
        kill(supervised, number);
    }
}

/* The parent of a process, as /proc/PID/stat has it behind the name in parentheses; 0 when the process is gone. */
static pid_t parent_of(const char *pid)
{
    char text[4096];
    if ((size_t) snprintf(text, sizeof text, "/proc/%s/stat", pid) >= sizeof text) {
        return 0;
    }
    int file = open(text, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) {
        close(file);
    }
    text[size < 0 ? 0 : size] = 0;
    const char *behind = strrchr(text, ')');
    int parent = 0;
    return behind != NULL && sscanf(behind, ") %*c %d", &parent) == 1 ? parent : 0;
}

/* Our children alone: until we have waited for one, its number is nobody else's. */
static void kill_children(void)
{
    DIR *processes = opendir("/proc");
    for (struct dirent *each; processes != NULL && (each = readdir(processes)) != NULL;) {
        if (each->d_name[0] >= '1' && each->d_name[0] <= '9' && parent_of(each->d_name) == getpid()) {
            kill((pid_t) atol(each->d_name), SIGKILL);
        }
    }
    if (processes != NULL) {
        closedir(processes);
    }
}

/* Those below our children become ours as these end. What the kernel does not let go of in time is left. */
static void end_descendants(void)
{
    for (int look = 0; look < MOST_LOOKS; look++) {
        kill_children();
        pid_t ended;
        while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) {
        }
        if (ended < 0 && errno == ECHILD) {
            return;
        }
        usleep(BETWEEN_LOOKS_MICROS);
    }
    fprintf(stderr, "scc-exec: processes of jobs do not end\n");
}

static _Noreturn void supervise(const char *directory, char **command)
{
    /* What is typed at the terminal of whoever started us is not for the command. */
    if ((setsid() < 0 && errno != EPERM) || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
        give_up("setup", "supervise", errno);
    }
    set_oom_score("-900"); /* In a container it may not be allowed. */
    pid_t child = fork();
    if (child < 0) {
        give_up("setup", "fork", errno);
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        struct failure failure = become(directory, command, -1);
        _exit(status_of(failure.phase, failure.error));
    }
    supervised = child;
    struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    int status = 0;
    pid_t ended;
    while ((ended = waitpid(-1, &status, 0)) != child) {
        if (ended < 0 && errno != EINTR) {
            give_up("setup", "wait", errno);
        }
    }
    supervised = 0;
    end_descendants();
    _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
    bool supervisor = false;
    const char *processors = NULL;
    const char *cgroup = NULL;
    const char *directory = NULL;
    const char *order = NULL;
    int option;
    while ((option = getopt(argc, argv, "+b:c:d:m:o:p:r:st:u:")) != -1) {
        switch (option) {
        case 'b':
            processors = optarg;
            break;
        case 'c':
            cgroup = optarg;
            break;
        case 'd':
            directory = optarg;
            break;
        case 'm':
            cgroup_mount = optarg;
            break;
        case 'o':
            order = optarg;
            break;
        case 'p':
            most_processes = strtoul(optarg, NULL, 10);
            break;
        case 'r':
            report_file = optarg;
            break;
        case 's':
            supervisor = true;
            break;
        case 't':
            wants_terminal = sscanf(optarg, "%ux%u", &terminal_rows, &terminal_columns) == 2;
            if (!wants_terminal) {
                give_up("setup", "terminal", EINVAL);
            }
            break;
        case 'u':
            read_user(optarg);
            break;
        default:
            return 125;
        }
    }
    if ((order == NULL) == (optind >= argc)) {
        fprintf(stderr, "usage: scc-exec [-c CGROUP] [-m MOUNT] [-u USER] [-p PROCESSES] [-d DIRECTORY] [-s] -- COMMAND...\n"
                        "       scc-exec [-c CGROUP] [-m MOUNT] [-u USER] [-p PROCESSES] [-t TERMINAL] -r REPORT -o ORDER\n");
        return 125;
    }
    if (cgroup != NULL) {
        join_cgroup(cgroup);
    }
    int unbound = processors == NULL ? 0 : bind_to(processors);
    if (unbound != 0) {
        give_up("setup", processors, unbound);
    }
    if (order != NULL) {
        size_t size;
        char *bytes = contents(order, &size);
        run(texts(bytes, size));
    }
    if (supervisor) {
        supervise(directory, argv + optind);
    }
    struct failure failure = become(directory, argv + optind, -1);
    return status_of(failure.phase, failure.error);
}
