#include "CHiredis.h"

#include <hiredis/hiredis.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(x) #x
#define TEXT_OF(x) TEXT(x)
/// Scratch memory above this is given back after a command.
#define IDLE_SCRATCH ((size_t)1024 * 1024)
/// The most that a command needs on the wire before its first argument: `*`, up to 10 digits and a line end.
#define HEADER ((size_t)13)

struct chiredis_formatter {
    char *bytes;
    size_t used, capacity;
    size_t *lengths;
    const char **arguments;
    size_t count, count_capacity;
    size_t wire_size;
    char *output;
};

chiredis_formatter *chiredis_formatter_create(void) { return calloc(1, sizeof(chiredis_formatter)); }

static void drop_output(chiredis_formatter *formatter) {
    if (formatter->output != NULL) redisFreeCommand(formatter->output);
    formatter->output = NULL;
}

void chiredis_formatter_free(chiredis_formatter *formatter) {
    if (formatter == NULL) return;
    drop_output(formatter);
    free(formatter->bytes);
    free(formatter->lengths);
    free(formatter->arguments);
    free(formatter);
}

void chiredis_formatter_begin(chiredis_formatter *formatter) {
    drop_output(formatter);
    if (formatter->capacity > IDLE_SCRATCH) {
        free(formatter->bytes);
        formatter->bytes = NULL;
        formatter->capacity = 0;
    }
    formatter->used = 0;
    formatter->count = 0;
    formatter->wire_size = HEADER;
}

static int grow(chiredis_formatter *formatter, size_t length) {
    if (formatter->used + length > formatter->capacity) {
        size_t capacity = formatter->capacity ? formatter->capacity : 512;
        while (capacity < formatter->used + length) capacity *= 2;
        char *bytes = realloc(formatter->bytes, capacity);
        if (bytes == NULL) return 0;
        formatter->bytes = bytes;
        formatter->capacity = capacity;
    }
    if (formatter->count == formatter->count_capacity) {
        size_t capacity = formatter->count_capacity ? formatter->count_capacity * 2 : 16;
        size_t *lengths = realloc(formatter->lengths, capacity * sizeof *lengths);
        if (lengths == NULL) return 0;
        formatter->lengths = lengths;
        const char **arguments = realloc(formatter->arguments, capacity * sizeof *arguments);
        if (arguments == NULL) return 0;
        formatter->arguments = arguments;
        formatter->count_capacity = capacity;
    }
    return 1;
}

/// What an argument needs beside its own bytes: `$`, its length in digits and two line ends.
static size_t framing(size_t length) {
    size_t digits = 1;
    while (length >= 10) {
        length /= 10;
        digits += 1;
    }
    return digits + 5;
}

int chiredis_formatter_add(chiredis_formatter *formatter, const char *bytes, size_t length) {
    // hiredis 0.14 sums the lengths in an int.
    if (length > INT_MAX || formatter->wire_size + length + framing(length) > INT_MAX) return 0;
    if (!grow(formatter, length)) return 0;
    if (length > 0) memcpy(formatter->bytes + formatter->used, bytes, length);
    formatter->used += length;
    formatter->wire_size += length + framing(length);
    formatter->lengths[formatter->count++] = length;
    return 1;
}

const char *chiredis_formatter_finish(chiredis_formatter *formatter, size_t *length) {
    const char *next = formatter->bytes;
    for (size_t i = 0; i < formatter->count; i++) {
        formatter->arguments[i] = next;
        next += formatter->lengths[i];
    }
    long long size =
        redisFormatCommandArgv(&formatter->output, (int)formatter->count, formatter->arguments, formatter->lengths);
    if (size < 0) {
        formatter->output = NULL;
        return NULL;
    }
    *length = (size_t)size;
    return formatter->output;
}

const char *chiredis_version(void) {
    return TEXT_OF(HIREDIS_MAJOR) "." TEXT_OF(HIREDIS_MINOR) "." TEXT_OF(HIREDIS_PATCH);
}
