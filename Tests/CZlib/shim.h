#ifndef CACHED_ROUTES_CZLIB_SHIM_H
#define CACHED_ROUTES_CZLIB_SHIM_H

#if __has_include(<zlib.h>)
#include <zlib.h>
#else
#error "zlib's header zlib.h was not found: install zlib1g-dev (Debian)"
#endif

// zlib's function that begins a stream is a macro, which Swift doesn't see. A window of 15 bits is the largest; 16 more
// ask for the gzip format.
static inline int cached_routes_gunzip_begin(z_streamp stream) {
    return inflateInit2(stream, 15 + 16);
}

#endif
