#ifndef CACHED_ROUTES_CLIBCRYPTO_SHIM_H
#define CACHED_ROUTES_CLIBCRYPTO_SHIM_H

#if __has_include(<openssl/evp.h>)
#include <openssl/evp.h>
#else
#error "libcrypto's header openssl/evp.h was not found: install libssl-dev (Debian) or openssl@3 (Homebrew)"
#endif

/// SHA-256, looked up once: version 3 searches its providers each time that `EVP_sha256()` is used.
static inline const EVP_MD *cached_routes_sha256(void) {
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
    const EVP_MD *fetched = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (fetched != NULL) return fetched;
#endif
    return EVP_sha256();
}

#endif
