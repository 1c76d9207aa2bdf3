#include "CHiredis.h"

#include <hiredis/hiredis.h>
#include <hiredis/sds.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/// hiredis compacts its buffer after every reply, so feeding much at once would move the rest again and again.
#define SLICE ((size_t)16 * 1024)
/// The size above which an idle buffer is freed. It is above the size to which slices make it grow, so that ordinary
/// traffic never reallocates.
#define IDLE_BUFFER ((size_t)128 * 1024)
/// No server sends a status, an error or a length of this size.
#define LONGEST_LINE ((size_t)64 * 1024)
/// The depth that hiredis 0.14 allows, enforced with every version.
#define DEEPEST_ARRAY 8
#define ELEMENT_COST ((size_t)32)

struct chiredis_reader {
    redisReader *hiredis;
    chiredis_sink sink;
    void *context;
    size_t maximum_reply_size;
    size_t maximum_later_size;
    /// The number of elements that may be longer than `maximum_later_size`, of the outermost array and of the last
    /// nested one.
    size_t long_elements;
    size_t nested_long_elements;
    size_t reply_size;
    /// The number of bytes of a large string, and of the line end behind it, that have not arrived.
    size_t large_left;
    /// 1 if the next string that hiredis reads is an empty one in the place of a large one.
    int stands_in;
    chiredis_result failure;
    const char *failure_text;
    chiredis_work work;
};

/// The object that hiredis wants for every element. It is never read.
static void *const taken = (void *)1;

static void *refuse(chiredis_reader *reader, chiredis_result failure, const char *text) {
    reader->failure = failure;
    reader->failure_text = text;
    return NULL;
}

static int account(chiredis_reader *reader, size_t length) {
    size_t left = reader->maximum_reply_size - reader->reply_size;
    if (left < ELEMENT_COST || length > left - ELEMENT_COST) {
        refuse(reader, CHIREDIS_REPLY_TOO_LARGE, "the reply is larger than allowed");
        return 0;
    }
    reader->reply_size += length + ELEMENT_COST;
    return 1;
}

static void *create_bytes(const redisReadTask *task, char *bytes, size_t length) {
    chiredis_reader *reader = task->privdata;
    chiredis_bytes_kind kind;
    switch (task->type) {
    case REDIS_REPLY_STATUS: kind = CHIREDIS_STATUS; break;
    case REDIS_REPLY_ERROR: kind = CHIREDIS_ERROR; break;
    case REDIS_REPLY_STRING: kind = CHIREDIS_BULK; break;
    default: return refuse(reader, CHIREDIS_PROTOCOL_ERROR, "a reply type that RESP2 does not have");
    }
    if (reader->stands_in) {
        reader->stands_in = 0;
        return taken;
    }
    // A line that arrives in pieces is refused as soon as all but its last byte has arrived.
    if (kind != CHIREDIS_BULK && length + 1 >= LONGEST_LINE)
        return refuse(reader, CHIREDIS_PROTOCOL_ERROR, "a line has no end");
    // The length is checked before the end, as for a string that arrives in pieces.
    if (!account(reader, length)) return NULL;
    // hiredis skips these two bytes without a check; they are in its buffer whenever it calls this function.
    if (kind == CHIREDIS_BULK && (bytes[length] != '\r' || bytes[length + 1] != '\n'))
        return refuse(reader, CHIREDIS_PROTOCOL_ERROR, "a bulk string does not end where its length says");
    reader->sink.bytes(reader->context, kind, bytes, length);
    return taken;
}

static void *begin_array(const redisReadTask *task, size_t count) {
    chiredis_reader *reader = task->privdata;
    int depth = 0;
    if (task->type != REDIS_REPLY_ARRAY)
        return refuse(reader, CHIREDIS_PROTOCOL_ERROR, "a reply type that RESP2 does not have");
    for (const redisReadTask *parent = task->parent; parent != NULL; parent = parent->parent) depth += 1;
    if (depth >= DEEPEST_ARRAY) return refuse(reader, CHIREDIS_PROTOCOL_ERROR, "arrays are nested too deeply");
    // Every element has a cost, so a count that cannot fit is refused before any element arrives.
    if (count > (reader->maximum_reply_size - reader->reply_size) / ELEMENT_COST)
        return refuse(reader, CHIREDIS_REPLY_TOO_LARGE, "the reply has more elements than allowed");
    if (!account(reader, 0)) return NULL;
    size_t long_elements = reader->sink.array(reader->context, count, task->parent != NULL);
    if (task->parent == NULL)
        reader->long_elements = long_elements;
    else
        reader->nested_long_elements = long_elements;
    return taken;
}

static void *create_integer(const redisReadTask *task, long long value) {
    chiredis_reader *reader = task->privdata;
    if (!account(reader, 0)) return NULL;
    reader->sink.integer(reader->context, value);
    return taken;
}

static void *create_null(const redisReadTask *task) {
    chiredis_reader *reader = task->privdata;
#if HIREDIS_MAJOR >= 1
    if (task->type == REDIS_REPLY_NIL)
        return refuse(reader, CHIREDIS_PROTOCOL_ERROR, "a reply type that RESP2 does not have");
#endif
    if (!account(reader, 0)) return NULL;
    reader->sink.null(reader->context);
    return taken;
}

static void free_object(void *object) { (void)object; }

#if HIREDIS_MAJOR >= 1
static void *create_array(const redisReadTask *task, size_t count) { return begin_array(task, count); }

static void *create_double(const redisReadTask *task, double value, char *bytes, size_t length) {
    (void)value, (void)bytes, (void)length;
    return refuse(task->privdata, CHIREDIS_PROTOCOL_ERROR, "a reply type that RESP2 does not have");
}

static void *create_bool(const redisReadTask *task, int value) {
    (void)value;
    return refuse(task->privdata, CHIREDIS_PROTOCOL_ERROR, "a reply type that RESP2 does not have");
}
#else
static void *create_array(const redisReadTask *task, int count) { return begin_array(task, (size_t)count); }
#endif

static redisReplyObjectFunctions functions = {
    .createString = create_bytes,
    .createArray = create_array,
    .createInteger = create_integer,
    .createNil = create_null,
    .freeObject = free_object,
#if HIREDIS_MAJOR >= 1
    .createDouble = create_double,
    .createBool = create_bool,
#endif
};

chiredis_reader *chiredis_reader_create(chiredis_sink sink, size_t maximum_reply_size, size_t maximum_later_size) {
    chiredis_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    reader->hiredis = redisReaderCreateWithFunctions(&functions);
    if (reader->hiredis == NULL) {
        free(reader);
        return NULL;
    }
    reader->hiredis->maxbuf = IDLE_BUFFER;
    reader->hiredis->privdata = reader;
    reader->sink = sink;
    reader->maximum_reply_size = maximum_reply_size;
    reader->maximum_later_size = maximum_later_size;
    reader->failure_text = "";
    return reader;
}

void chiredis_reader_free(chiredis_reader *reader) {
    if (reader == NULL) return;
    redisReaderFree(reader->hiredis);
    free(reader);
}

static chiredis_result fail(chiredis_reader *reader, chiredis_result failure, const char *text) {
    refuse(reader, failure, text);
    return failure;
}

/// Takes over hiredis' error, unless one of the functions above has refused and hiredis only repeats it.
static chiredis_result fail_from_hiredis(chiredis_reader *reader) {
    if (reader->failure != CHIREDIS_OK) return reader->failure;
    return fail(reader, reader->hiredis->err == REDIS_ERR_OOM ? CHIREDIS_OUT_OF_MEMORY : CHIREDIS_PROTOCOL_ERROR,
                reader->hiredis->errstr);
}

static const redisReadTask *current_task(const redisReader *hiredis) {
#if HIREDIS_MAJOR >= 1
    return hiredis->task[hiredis->ridx];
#else
    return &hiredis->rstack[hiredis->ridx];
#endif
}

#define LINE_END ((size_t)2)
/// The bytes that hiredis reads in the place of a large string whose type it has read.
static const char stand_in[] = "0\r\n\r\n";

/// Passes bytes of a large string to the sink, and has hiredis continue after the last of them.
static chiredis_result pass(chiredis_reader *reader, const char *bytes, size_t length) {
    if (reader->large_left > LINE_END) {
        size_t part = reader->large_left - LINE_END < length ? reader->large_left - LINE_END : length;
        reader->sink.part(reader->context, bytes, part);
        reader->work.passed_bytes += part;
        reader->large_left -= part;
        bytes += part;
        length -= part;
    }
    for (; length > 0 && reader->large_left > 0; bytes++, length--) {
        if (*bytes != (reader->large_left == 2 ? '\r' : '\n'))
            return fail(reader, CHIREDIS_PROTOCOL_ERROR, "a bulk string does not end where its length says");
        reader->large_left -= 1;
    }
    if (reader->large_left > 0) return CHIREDIS_OK;
    reader->stands_in = 1;
    if (redisReaderFeed(reader->hiredis, stand_in, sizeof stand_in - 1) != REDIS_OK) return fail_from_hiredis(reader);
    return CHIREDIS_OK;
}

/// Takes the part of a large string that has arrived out of hiredis' buffer.
static chiredis_result begin_large(chiredis_reader *reader, size_t header, size_t announced) {
    redisReader *hiredis = reader->hiredis;
    size_t available = hiredis->len - hiredis->pos;
    if (!account(reader, announced)) return reader->failure;
    reader->large_left = announced + LINE_END;
    reader->sink.large(reader->context, announced);
    // The string has not arrived as a whole, so hiredis is not fed within this call.
    chiredis_result result = pass(reader, hiredis->buf + hiredis->pos + header, available - header);
    sdsIncrLen(hiredis->buf, -(int)available);
    hiredis->len = hiredis->pos;
    return result;
}

/// Examines an element that is incomplete: bounds a line without end, refuses a bulk string that is announced as too
/// long, has a large one bypass hiredis, and makes room for the rest of another one once instead of step by step.
static chiredis_result prepare_for_rest(chiredis_reader *reader) {
    redisReader *hiredis = reader->hiredis;
    if (hiredis->ridx < 0 || hiredis->pos >= hiredis->len) return CHIREDIS_OK;
    const redisReadTask *task = current_task(hiredis);
    const char *rest = hiredis->buf + hiredis->pos;
    size_t available = hiredis->len - hiredis->pos;
    size_t searched = available < LONGEST_LINE ? available : LONGEST_LINE;
    const char *end = memchr(rest, '\r', searched);
    if (end == NULL || task->type != REDIS_REPLY_STRING) {
        if (available < LONGEST_LINE) return CHIREDIS_OK;
        return fail(reader, CHIREDIS_PROTOCOL_ERROR, "a line has no end");
    }
    // hiredis checks a length once its line is complete, with the same result wherever reads split the line.
    if (end + 1 == rest + available) return CHIREDIS_OK;
    if (end[1] != '\n') return fail(reader, CHIREDIS_PROTOCOL_ERROR, "a length is followed by something else");
    // hiredis has accepted this length, so it is a plain number that fits.
    size_t announced = 0;
    for (const char *digit = rest; digit < end; digit++) announced = announced * 10 + (size_t)(*digit - '0');
    size_t left = reader->maximum_reply_size - reader->reply_size;
    if (left < ELEMENT_COST || announced > left - ELEMENT_COST)
        return fail(reader, CHIREDIS_REPLY_TOO_LARGE, "the reply is larger than allowed");
    if (task->parent != NULL && announced > reader->maximum_later_size) {
        size_t long_elements = task->parent->parent == NULL ? reader->long_elements : reader->nested_long_elements;
        if ((size_t)task->idx >= long_elements)
            return fail(reader, CHIREDIS_REPLY_TOO_LARGE, "a string behind the first ones is larger than allowed");
    }
    size_t header = (size_t)(end - rest) + LINE_END;
    size_t whole = header + announced + LINE_END;
    if (announced >= CHIREDIS_LARGE_BYTES) return begin_large(reader, header, announced);
    if (whole <= available || whole - available <= sdsavail(hiredis->buf)) return CHIREDIS_OK;
    sds larger = sdsMakeRoomFor(hiredis->buf, whole - available);
    if (larger == NULL) return fail(reader, CHIREDIS_OUT_OF_MEMORY, "no memory for a reply");
    hiredis->buf = larger;
    reader->work.reservations += 1;
    return CHIREDIS_OK;
}

/// Has hiredis parse the bytes that it has.
static chiredis_result drain(chiredis_reader *reader) {
    redisReader *hiredis = reader->hiredis;
    for (;;) {
        void *reply = NULL;
        size_t before = hiredis->len;
        if (redisReaderGetReply(hiredis, &reply) != REDIS_OK) return fail_from_hiredis(reader);
        if (hiredis->len < before) reader->work.moved_bytes += hiredis->len;
        if (reply == NULL) break;
        // Replies that make one are bounded together.
        if (reader->sink.complete(reader->context)) reader->reply_size = 0;
    }
    return prepare_for_rest(reader);
}

chiredis_result chiredis_reader_read(chiredis_reader *reader, void *context, const char *bytes, size_t length) {
    redisReader *hiredis = reader->hiredis;
    reader->context = context;
    if (reader->failure != CHIREDIS_OK) return reader->failure;
    while (length > 0) {
        if (reader->large_left > 0) {
            size_t part = length < reader->large_left ? length : reader->large_left;
            chiredis_result result = pass(reader, bytes, part);
            if (result != CHIREDIS_OK) return result;
            bytes += part;
            length -= part;
            if (reader->large_left > 0) break;
            result = drain(reader);
            if (result != CHIREDIS_OK) return result;
            continue;
        }
        size_t slice = length < SLICE ? length : SLICE;
        reader->work.feeds += 1;
        reader->work.fed_bytes += slice;
        if (redisReaderFeed(hiredis, bytes, slice) != REDIS_OK) return fail_from_hiredis(reader);
        bytes += slice;
        length -= slice;
        chiredis_result result = drain(reader);
        if (result != CHIREDIS_OK) return result;
    }
    return CHIREDIS_OK;
}

const char *chiredis_reader_error(const chiredis_reader *reader) { return reader->failure_text; }

int chiredis_reader_is_inside_reply(const chiredis_reader *reader) {
    const redisReader *hiredis = reader->hiredis;
    if (reader->large_left > 0 || hiredis->pos < hiredis->len || hiredis->ridx > 0) return 1;
    // hiredis also prepares for a reply of which nothing has arrived.
    return hiredis->ridx == 0 && current_task(hiredis)->type >= 0;
}

int chiredis_reader_is_inside_large(const chiredis_reader *reader) { return reader->large_left > 0; }

chiredis_work chiredis_reader_work_done(const chiredis_reader *reader) { return reader->work; }
