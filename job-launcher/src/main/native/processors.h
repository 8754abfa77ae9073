/*
 * Binds the caller to processors that a list names by their numbers, such as "0,2-5,17"; a blank ends it. Needs <sched.h> with
 * _GNU_SOURCE, <stdlib.h> and <errno.h>.
 */
enum { MOST_PROCESSORS = 8192 };

/* Returns what went wrong, or 0. */
static int bind_to(const char *list)
{
    cpu_set_t *set = CPU_ALLOC(MOST_PROCESSORS);
    size_t size = CPU_ALLOC_SIZE(MOST_PROCESSORS);
    if (set == NULL) {
        return ENOMEM;
    }
    CPU_ZERO_S(size, set);
    int error = 0;
    while (error == 0) {
        char *end;
        unsigned long first = strtoul(list, &end, 10);
        unsigned long last = first;
        if (end != list && *end == '-') {
            list = end + 1;
            last = strtoul(list, &end, 10);
        }
        if (end == list || first > last || last >= MOST_PROCESSORS || (*end != ',' && *end != ' ' && *end != 0)) {
            error = EINVAL;
            break;
        }
        for (unsigned long number = first; number <= last; number++) {
            CPU_SET_S(number, size, set);
        }
        if (*end != ',') {
            error = sched_setaffinity(0, size, set) == 0 ? 0 : errno;
            break;
        }
        list = end + 1;
    }
    CPU_FREE(set);
    return error;
}
