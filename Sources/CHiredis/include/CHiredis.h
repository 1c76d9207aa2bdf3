/// An interface to hiredis' protocol reader that is the same for all its versions.
///
/// hiredis 0.14 and 1.x differ in the layout of their structs and callbacks, so none of them appears here: the shim is
/// compiled against whichever version is installed, and callers see the same functions and the same behaviour. Only
/// RESP2 is supported: a RESP3 type is a protocol error with every version.

#ifndef CACHED_ROUTES_CHIREDIS_H
#define CACHED_ROUTES_CHIREDIS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The three kinds of replies that consist of bytes.
typedef enum {
    /// A simple string such as `OK`.
    CHIREDIS_STATUS,
    /// An error reply.
    CHIREDIS_ERROR,
    /// A bulk string.
    CHIREDIS_BULK,
} chiredis_bytes_kind;

/// Receives the parts of replies in their order on the wire: an array before its elements.
///
/// The functions are called while `chiredis_reader_read` runs and must not free the reader. Bytes belong to hiredis'
/// buffer and are valid during the call only.
typedef struct {
    void (*bytes)(void *context, chiredis_bytes_kind kind, const char *bytes, size_t length);
    void (*integer)(void *context, int64_t value);
    void (*null)(void *context);
    /// `nested` is 1 for an array that is an element of another one. Returns the number of elements, from the first one
    /// on, that may be longer than `maximum_later_size`.
    size_t (*array)(void *context, size_t count, int nested);
    /// A bulk string of at least `CHIREDIS_LARGE_BYTES` has been announced, and not all of it has arrived: its bytes
    /// are passed to `part`, and not to `bytes`. After the last one the other functions are called as usual.
    void (*large)(void *context, size_t length);
    /// The next bytes of the string that `large` has announced.
    void (*part)(void *context, const char *bytes, size_t length);
    /// A whole reply has been received. Returns 1 unless the next one belongs to it: then `maximum_reply_size` is that of
    /// both.
    int (*complete)(void *context);
} chiredis_sink;

/// The length from which a bulk string bypasses hiredis' buffer: hiredis parses everything but its bytes, which are
/// copied once less.
static const size_t CHIREDIS_LARGE_BYTES = (size_t)32 * 1024;

/// The result of reading.
typedef enum {
    CHIREDIS_OK,
    CHIREDIS_PROTOCOL_ERROR,
    CHIREDIS_REPLY_TOO_LARGE,
    CHIREDIS_OUT_OF_MEMORY,
} chiredis_result;

/// The work that a reader has done so far, which tests count instead of measuring time.
typedef struct {
    /// The number of slices passed to hiredis.
    uint64_t feeds;
    /// The number of bytes passed to hiredis.
    uint64_t fed_bytes;
    /// The number of bytes that hiredis moved within its buffer after replies were taken out of it.
    uint64_t moved_bytes;
    /// The number of times that the buffer was enlarged at once for a bulk string that had been announced.
    uint64_t reservations;
    /// The number of bytes that bypassed hiredis' buffer, or were taken out of it before the whole string had arrived.
    uint64_t passed_bytes;
} chiredis_work;

/// A reader of one connection's replies.
typedef struct chiredis_reader chiredis_reader;

/// Makes a reader; returns NULL if there is no memory.
///
/// `maximum_reply_size` bounds the bytes of one reply, including all elements of arrays, plus 32 bytes per element. A
/// bulk string over the bound is refused when its length is announced, before its bytes arrive. So is an element of an
/// array that has more than `maximum_later_size` bytes, unless it is one of those for which `array` of the sink allows
/// that.
chiredis_reader *chiredis_reader_create(chiredis_sink sink, size_t maximum_reply_size, size_t maximum_later_size);

/// Frees a reader. NULL is allowed.
void chiredis_reader_free(chiredis_reader *reader);

/// Parses bytes from the connection; the sink's functions get `context`. Any result but `CHIREDIS_OK` is final: the
/// reader and its connection must be discarded.
chiredis_result chiredis_reader_read(chiredis_reader *reader, void *context, const char *bytes, size_t length);

/// A description of the error; empty if there is none.
const char *chiredis_reader_error(const chiredis_reader *reader);

/// Returns 1 if the beginning of a reply has been received but not yet its end.
int chiredis_reader_is_inside_reply(const chiredis_reader *reader);

/// Returns 1 if `large` has been called for a string whose end has not been received.
int chiredis_reader_is_inside_large(const chiredis_reader *reader);

/// The work done so far.
chiredis_work chiredis_reader_work_done(const chiredis_reader *reader);

/// The version of hiredis that this was compiled against, for instance `0.14.1`.
const char *chiredis_version(void);

#ifdef __cplusplus
}
#endif

#endif
