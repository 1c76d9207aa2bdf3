#include "CMemory.h"

#include <stdlib.h>

#if defined(__GLIBC__)
#include <malloc.h>

int cmemory_release_free(void) { return malloc_trim(0); }
#else
int cmemory_release_free(void) { return 0; }
#endif
