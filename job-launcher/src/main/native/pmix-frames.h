/*
 * What scc-pmix and a job's lead tell each other, see the class PmixFrame: four bytes with the length of the rest, one that
 * says what it is, and its fields. Numbers have four bytes, texts two with their length before them, all of them with the
 * highest byte first; data is the rest of a frame.
 */
#ifndef SCC_PMIX_FRAMES_H
#define SCC_PMIX_FRAMES_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Bytes of a whole frame, ranks of a job and so of a list of them, bytes of data that a node says in one, characters of a
 * node's name. See JobLimits.
 */
enum { FRAME_MOST = 5 << 20, FRAME_RANKS = 16384, FRAME_DATA = 1 << 20, FRAME_NAME = 255 };

enum {
    JOB = 1, /* to us: name, directory, which node this is, number of nodes, of each its name and number of ranks */
    ANSWER = 2, /* to us: number of our question, status, data */
    ASK = 3, /* to us: number of the question, a rank here */
    READY = 16, /* number of variables of each rank here, variables; PMIX_RANK is that of the first */
    FENCE = 17, /* number of our question, number of ranks, ranks, data */
    WANT = 18, /* number of our question, a rank elsewhere */
    GAVE = 19, /* number of the lead's question, status, data */
    ARRIVED = 20, /* rank */
    FINALIZED = 21, /* rank */
    ABORTED = 22 /* rank, code, message */
};

struct frame {
    uint8_t kind;
    char *bytes;
    size_t length;
    size_t at; /* how much of it has been read */
    size_t room;
    bool broken;
};

static void frame_free(struct frame *frame)
{
    free(frame->bytes);
    frame->bytes = NULL;
}

static void frame_begin(struct frame *frame, uint8_t kind)
{
    *frame = (struct frame) {.kind = kind};
}

/* One that would be too long, or for which there is no memory, is broken, and not written. */
static void frame_bytes(struct frame *frame, const void *bytes, size_t length)
{
    if (frame->broken || length > (size_t) FRAME_MOST - frame->length) {
        frame->broken = true;
        return;
    }
    if (frame->length + length > frame->room) {
        size_t room = 2 * (frame->length + length) + 64;
        char *more = realloc(frame->bytes, room);
        if (more == NULL) {
            frame->broken = true;
            return;
        }
        frame->bytes = more;
        frame->room = room;
    }
    if (length > 0) {
        memcpy(frame->bytes + frame->length, bytes, length);
        frame->length += length;
    }
}

static void frame_number(struct frame *frame, uint32_t number)
{
    uint8_t bytes[] = {(uint8_t) (number >> 24), (uint8_t) (number >> 16), (uint8_t) (number >> 8), (uint8_t) number};
    frame_bytes(frame, bytes, sizeof bytes);
}

static void frame_text(struct frame *frame, const char *text)
{
    size_t length = strlen(text);
    if (length > UINT16_MAX) {
        length = UINT16_MAX;
    }
    uint8_t bytes[] = {(uint8_t) (length >> 8), (uint8_t) length};
    frame_bytes(frame, bytes, sizeof bytes);
    frame_bytes(frame, text, length);
}

static int write_all(int file, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(file, bytes, count);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return -1;
        }
        bytes += written;
        count -= (size_t) written;
    }
    return 0;
}

/* 0, or -1 with errno. */
static int frame_write(int file, const struct frame *frame)
{
    if (frame->broken) {
        errno = EMSGSIZE;
        return -1;
    }
    uint32_t length = (uint32_t) frame->length + 1;
    char head[] = {(char) (length >> 24), (char) (length >> 16), (char) (length >> 8), (char) length, (char) frame->kind};
    return write_all(file, head, sizeof head) != 0 ? -1 : write_all(file, frame->bytes, frame->length);
}

/* How much came of what was to come: less only at the end. */
static size_t read_all(int file, char *bytes, size_t count)
{
    size_t used = 0;
    while (used < count) {
        ssize_t got = read(file, bytes + used, count - used);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        used += (size_t) got;
    }
    return used;
}

/* The next frame; false at the end, and where that comes too early or what comes is no frame, which is broken then. */
static bool frame_read(int file, struct frame *frame)
{
    frame_begin(frame, 0);
    uint8_t head[5];
    size_t got = read_all(file, (char *) head, sizeof head);
    if (got == 0) {
        return false;
    }
    uint32_t length = (uint32_t) head[0] << 24 | (uint32_t) head[1] << 16 | (uint32_t) head[2] << 8 | head[3];
    frame->broken = got < sizeof head || length == 0 || length - 1 > FRAME_MOST;
    if (frame->broken) {
        return false;
    }
    frame->kind = head[4];
    frame->length = length - 1;
    frame->bytes = malloc(frame->length + 1);
    frame->broken = frame->bytes == NULL || read_all(file, frame->bytes, frame->length) < frame->length;
    if (frame->broken) {
        frame_free(frame);
    }
    return !frame->broken;
}

static uint32_t take_number(struct frame *frame)
{
    if (frame->broken || frame->length - frame->at < 4) {
        frame->broken = true;
        return 0;
    }
    const uint8_t *bytes = (const uint8_t *) frame->bytes + frame->at;
    frame->at += 4;
    return (uint32_t) bytes[0] << 24 | (uint32_t) bytes[1] << 16 | (uint32_t) bytes[2] << 8 | bytes[3];
}

/* A text with its ending zero byte; one that does not fit, or has such a byte, breaks the frame. */
static void take_text(struct frame *frame, char *text, size_t size)
{
    text[0] = 0;
    if (frame->broken || frame->length - frame->at < 2) {
        frame->broken = true;
        return;
    }
    const uint8_t *bytes = (const uint8_t *) frame->bytes + frame->at;
    size_t length = (size_t) bytes[0] << 8 | bytes[1];
    if (length >= size || frame->length - frame->at - 2 < length || memchr(bytes + 2, 0, length) != NULL) {
        frame->broken = true;
        return;
    }
    memcpy(text, bytes + 2, length);
    text[length] = 0;
    frame->at += 2 + length;
}

#endif
