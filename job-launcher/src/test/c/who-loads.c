/* Preloaded or auditing: says who has loaded it, so that a test sees whether root ever did. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void say(void)
{
    const char *path = getenv("WHO_LOADS_LOG");
    int log = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    char line[32];
    int length = snprintf(line, sizeof line, "uid %u\n", (unsigned) geteuid());
    if (log >= 0) {
        ssize_t ignored = write(log, line, (size_t) length);
        (void) ignored;
        close(log);
    }
}

__attribute__((constructor)) static void loaded(void)
{
    say();
}

unsigned la_version(unsigned version)
{
    say();
    return version;
}
