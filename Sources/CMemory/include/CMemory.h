#ifndef CMEMORY_H
#define CMEMORY_H

/// Gives freed memory that the allocator keeps back to the system, where the C library can do that.
///
/// Swift's Glibc module does not have `malloc_trim`.
///
/// - Returns: 1 if memory was released.
int cmemory_release_free(void);

#endif
