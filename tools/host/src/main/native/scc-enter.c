/*
 * Becomes a command as it would run on a node, where that node is a network namespace of this machine.
 *
 *     scc-enter [-i IPC] NAMESPACE HOSTNAME COMMAND [ARGUMENT...]
 *
 * NAMESPACE is a path such as /run/netns/n1. The command sees that namespace's interfaces in /sys too, the control groups
 * where they were, and a host name and System V IPC of its own: from these MPI libraries conclude which ranks share a
 * node, and ranks that seem to share one would talk through its memory instead of the network. IPC is the path of an IPC
 * namespace that several commands are to share, because they do share a node; without it the command gets a new one.
 *
 * A file /etc/netns/NAME/hosts of that namespace is its /etc/hosts, as with ip netns exec.
 *
 * Exit status when the command could not be started, as in POSIX shells: 127 not found, 126 found but not executable,
 * 125 for anything before that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define CGROUPS "/sys/fs/cgroup"

static _Noreturn void give_up(const char *what, int status)
{
    fprintf(stderr, "scc-enter: %s: %s\n", what, strerror(errno));
    _exit(status);
}

static void enter(const char *path, int kind)
{
    int namespace = open(path, O_RDONLY | O_CLOEXEC);
    if (namespace < 0 || setns(namespace, kind) != 0) {
        give_up(path, 125);
    }
    close(namespace);
}

/* A mount of sysfs shows the network that its mounter was in. */
static void show_network(void)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) {
        give_up("make mounts our own", 125);
    }
    int cgroups = open_tree(AT_FDCWD, CGROUPS, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (umount2("/sys", MNT_DETACH) != 0 || mount("sysfs", "/sys", "sysfs", 0, NULL) != 0) {
        give_up("mount /sys", 125);
    }
    if (cgroups >= 0) {
        if (move_mount(cgroups, "", AT_FDCWD, CGROUPS, MOVE_MOUNT_F_EMPTY_PATH) != 0) {
            give_up("mount " CGROUPS, 125);
        }
        close(cgroups);
    }
}

/* What this node's agent keeps of names. */
static void show_names(const char *namespace)
{
    const char *name = strrchr(namespace, '/');
    char file[512];
    int length = snprintf(file, sizeof file, "/etc/netns/%s/hosts", name == NULL ? namespace : name + 1);
    if (length < 0 || (size_t) length >= sizeof file || access(file, R_OK) != 0) {
        return;
    }
    if (mount(file, "/etc/hosts", NULL, MS_BIND, NULL) != 0) {
        give_up("mount /etc/hosts", 125);
    }
}

int main(int argc, char **argv)
{
    const char *ipc = NULL;
    int option;
    while ((option = getopt(argc, argv, "+i:")) != -1) {
        if (option != 'i') {
            return 125;
        }
        ipc = optarg;
    }
    if (argc - optind < 3) {
        fprintf(stderr, "usage: scc-enter [-i IPC] NAMESPACE HOSTNAME COMMAND [ARGUMENT...]\n");
        return 125;
    }
    argv += optind;
    enter(argv[0], CLONE_NEWNET);
    if (ipc != NULL) {
        enter(ipc, CLONE_NEWIPC);
    }
    if (unshare(CLONE_NEWNS | CLONE_NEWUTS | (ipc == NULL ? CLONE_NEWIPC : 0)) != 0) {
        give_up("unshare", 125);
    }
    if (sethostname(argv[1], strlen(argv[1])) != 0) {
        give_up(argv[1], 125);
    }
    show_network();
    show_names(argv[0]);
    execvp(argv[2], argv + 2);
    int status = errno == ENOENT || errno == ENOTDIR ? 127 : 126;
    give_up(argv[2], status);
}
