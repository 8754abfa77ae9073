/* Preloaded: sends this process SIGTERM at the moment that SIGNAL_AT names: "pipe2", "fork", or "forked" right after it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static void here(const char *moment)
{
    const char *wanted = getenv("SIGNAL_AT");
    if (wanted != NULL && strcmp(wanted, moment) == 0) {
        raise(SIGTERM);
    }
}

int pipe2(int ends[2], int flags)
{
    here("pipe2");
    int (*real)(int *, int) = (int (*)(int *, int)) dlsym(RTLD_NEXT, "pipe2");
    return real(ends, flags);
}

pid_t fork(void)
{
    here("fork");
    pid_t (*real)(void) = (pid_t (*)(void)) dlsym(RTLD_NEXT, "fork");
    pid_t child = real();
    if (child > 0) {
        here("forked");
    }
    return child;
}
