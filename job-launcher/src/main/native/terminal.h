/*
 * A terminal for one command: a pty whose slave is the command's, and whose master is carried to and from our own streams.
 *
 * What comes on standard input is in frames: a letter, a length of two bytes (the high one first), and as many bytes.
 *
 *   i  what is typed
 *   s  the window's size: rows and columns, two bytes each
 *
 * What the command writes goes to standard output as it is.
 */
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>

enum { FRAME_HEADER = 3, LONGEST_FRAME = 65535, WRITTEN_AT_ONCE = 4096, LAST_WORDS = 1 << 18 };

struct terminal {
    int master;
    int slave;
};

/* What is on its way. */
struct traffic {
    unsigned char frame[FRAME_HEADER + LONGEST_FRAME];
    size_t received;
    size_t typed; /* Of the payload of a whole frame, how much the terminal has taken. */
    bool input_ended;
    char written[WRITTEN_AT_ONCE];
    size_t unsent;
    size_t sent;
};

static size_t payload(const struct traffic *traffic)
{
    return (size_t) traffic->frame[1] << 8 | traffic->frame[2];
}

static bool whole(const struct traffic *traffic)
{
    return traffic->received >= FRAME_HEADER && traffic->received == FRAME_HEADER + payload(traffic);
}

static void set_size(int terminal, const unsigned char *size)
{
    struct winsize window = {
        .ws_row = (unsigned short) (size[0] << 8 | size[1]), .ws_col = (unsigned short) (size[2] << 8 | size[3])};
    ioctl(terminal, TIOCSWINSZ, &window); /* Which tells those in the foreground (SIGWINCH). */
}

/* Opens one that is the user's. Returns what went wrong, or 0. */
static int open_terminal(struct terminal *terminal, unsigned rows, unsigned columns, uid_t uid, gid_t gid)
{
    terminal->slave = -1;
    terminal->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    char name[64];
    if (terminal->master < 0 || unlockpt(terminal->master) != 0
        || ptsname_r(terminal->master, name, sizeof name) != 0
        || (terminal->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0 || fchown(terminal->slave, uid, gid) != 0
        || fchmod(terminal->slave, S_IRUSR | S_IWUSR) != 0 || fcntl(terminal->master, F_SETFL, O_NONBLOCK) != 0) {
        return errno;
    }
    struct winsize window = {.ws_row = (unsigned short) rows, .ws_col = (unsigned short) columns};
    return ioctl(terminal->slave, TIOCSWINSZ, &window) == 0 ? 0 : errno;
}

/* The session that the caller leads gets it, and it becomes his streams. Returns what went wrong, or 0. */
static int take_terminal(const struct terminal *terminal)
{
    if (ioctl(terminal->slave, TIOCSCTTY, 0) != 0) {
        return errno;
    }
    for (int stream = 0; stream <= 2; stream++) {
        if (dup2(terminal->slave, stream) < 0) {
            return errno;
        }
    }
    return 0;
}

static void receive(struct traffic *traffic)
{
    size_t wanted = traffic->received < FRAME_HEADER ? FRAME_HEADER : FRAME_HEADER + payload(traffic);
    ssize_t count = read(0, traffic->frame + traffic->received, wanted - traffic->received);
    if (count > 0) {
        traffic->received += (size_t) count;
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        traffic->input_ended = true;
    }
}

/* What has come whole goes to the terminal, as far as that takes it. */
static void type(struct traffic *traffic, int master)
{
    size_t length = payload(traffic);
    const unsigned char *bytes = traffic->frame + FRAME_HEADER;
    if (traffic->frame[0] == 'i' && traffic->typed < length) {
        ssize_t count = write(master, bytes + traffic->typed, length - traffic->typed);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        traffic->typed += count < 0 ? length : (size_t) count;
    } else if (traffic->frame[0] == 's' && length == 4) {
        set_size(master, bytes);
        traffic->typed = length;
    } else {
        traffic->typed = length;
    }
    if (traffic->typed == length) {
        traffic->received = traffic->typed = 0;
    }
}

/* False when nobody reads any more. */
static bool deliver(struct traffic *traffic)
{
    ssize_t count = write(1, traffic->written + traffic->sent, traffic->unsent - traffic->sent);
    if (count < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    traffic->sent += (size_t) count;
    if (traffic->sent == traffic->unsent) {
        traffic->sent = traffic->unsent = 0;
    }
    return true;
}

/* False when there is nothing now. */
static bool collect(struct traffic *traffic, int master)
{
    ssize_t count = read(master, traffic->written, sizeof traffic->written);
    traffic->unsent = count > 0 ? (size_t) count : 0;
    return count > 0;
}

/* What has been written when the command has ended; what it left behind may go on writing. */
static void last_words(struct traffic *traffic, int master)
{
    size_t told = 0;
    while (told < LAST_WORDS && (traffic->unsent > 0 || collect(traffic, master))) {
        struct pollfd output = {.fd = 1, .events = POLLOUT};
        size_t before = traffic->unsent - traffic->sent;
        if (poll(&output, 1, -1) < 0 && errno != EINTR) {
            return;
        }
        if (!deliver(traffic)) {
            return;
        }
        told += before;
    }
}

/*
 * Carries until the child has ended, and returns its status. SIGCHLD is blocked. Where nobody reads what it writes any more,
 * the terminal is hung up.
 */
static int carry(struct terminal *terminal, pid_t child)
{
    static struct traffic traffic;
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGCHLD);
    int ended = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    signal(SIGPIPE, SIG_IGN);
    fcntl(1, F_SETFL, fcntl(1, F_GETFL) | O_NONBLOCK);
    bool reached = ended >= 0;
    int status = 0;
    while (reached && waitpid(child, &status, WNOHANG) != child) {
        bool pending = whole(&traffic);
        struct pollfd all[] = {
            {.fd = ended, .events = POLLIN},
            {.fd = pending || traffic.input_ended ? -1 : 0, .events = POLLIN},
            {.fd = traffic.unsent > 0 ? 1 : -1, .events = POLLOUT},
            {.fd = terminal->master,
             .events = (short) ((traffic.unsent > 0 ? 0 : POLLIN) | (pending ? POLLOUT : 0))}};
        if (poll(all, sizeof all / sizeof *all, -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            reached = false;
            break;
        }
        struct signalfd_siginfo info;
        while (all[0].revents != 0 && read(ended, &info, sizeof info) > 0) {
        }
        if (all[1].revents != 0) {
            receive(&traffic);
        }
        if (whole(&traffic)) {
            type(&traffic, terminal->master);
        }
        if (all[2].revents != 0) {
            reached = deliver(&traffic);
        }
        if (traffic.unsent == 0 && (all[3].revents & POLLIN) != 0) {
            collect(&traffic, terminal->master);
        }
    }
    if (reached) {
        last_words(&traffic, terminal->master);
    } else {
        close(terminal->slave);
        close(terminal->master);
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
    }
    close(ended);
    return status;
}
