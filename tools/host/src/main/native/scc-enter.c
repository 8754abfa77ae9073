/*
 * Becomes a command as it would run on a node, where that node is a network namespace of this machine.
 *
 *     scc-enter NAMESPACE HOSTNAME COMMAND [ARGUMENT...]
 *
 * NAMESPACE is a path such as /run/netns/n1. The command sees that namespace's interfaces in /sys too, the control groups
 * where they were, and a host name and System V IPC of its own: from these MPI libraries conclude which ranks share a
 * node, and ranks that seem to share one would talk through its memory instead of the network.
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

static void enter_network(const char *path)
{
    int namespace = open(path, O_RDONLY | O_CLOEXEC);
    if (namespace < 0 || setns(namespace, CLONE_NEWNET) != 0) {
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

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: scc-enter NAMESPACE HOSTNAME COMMAND [ARGUMENT...]\n");
        return 125;
    }
    enter_network(argv[1]);
    if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC) != 0) {
        give_up("unshare", 125);
    }
    if (sethostname(argv[2], strlen(argv[2])) != 0) {
        give_up(argv[2], 125);
    }
    show_network();
    execvp(argv[3], argv + 3);
    int status = errno == ENOENT || errno == ENOTDIR ? 127 : 126;
    give_up(argv[3], status);
}
