// Tells ThreadSanitizer of two ways in which Swift's runtime hands over from thread to thread and that the sanitizer can't see,
// because the runtime is not built with it. Each would look like a race of those who hand over.
//
// Loaded before the runtime's libraries, these functions take the place of its own ones: they call those, and tell the sanitizer.
// Processes without the sanitizer, such as the servers that tests start, are left as they are. It is of no use outside Linux.
//
// - `Mutex` of the Synchronization module is a futex on Linux. What it does without contention is compiled into whoever uses it,
//   where the sanitizer sees it. What it does with contention lies in libswiftSynchronization and in the kernel.
// - A task that awaits a continuation which has been resumed by then goes on at once. libswift_Concurrency tells the sanitizer of
//   the resumption, and of the task that is woken by it, but not of the one that need not be.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

// Of the sanitizer's library; null in a process that is built without it.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

static void acquire(void *address) {
    if (__tsan_acquire) __tsan_acquire(address);
}

static void release(void *address) {
    if (__tsan_release) __tsan_release(address);
}

// Finds the library's own function once. Threads that look for it at the same time find the same one.
#define NEXT(type, name) \
    ({ \
        static type _Atomic next; \
        type found = next; \
        if (!found) next = found = (type)dlsym(RTLD_NEXT, name); \
        found; \
    })

// ------------------------------------------------------------------------------------------------------------ Mutex

#define SWIFT __attribute__((swiftcall))
// `self`, the address of the mutex, is in the register that the calling convention has for it.
#define SELF __attribute__((swift_context)) void *mutex

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void (*Lock)(uint32_t thread, SELF);
typedef SWIFT _Bool (*TryLock)(SELF);
typedef SWIFT void (*Unlock)(SELF);

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT _Bool try_lock_slow(SELF) __asm__(TRY_LOCK);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF) {
    NEXT(Lock, LOCK)(thread, mutex);
    acquire(mutex);
}

SWIFT _Bool try_lock_slow(SELF) {
    _Bool isLocked = NEXT(TryLock, TRY_LOCK)(mutex);
    if (isLocked) acquire(mutex);
    return isLocked;
}

SWIFT void unlock_slow(SELF) {
    release(mutex);
    NEXT(Unlock, UNLOCK)(mutex);
}

// ---------------------------------------------------------------------------------------------------- continuations

// The resumption is a release on the task's address. For a task that has been woken, to acquire it again says nothing new.

typedef SWIFT void *(*CurrentTask)(void);
typedef __attribute__((swiftasynccall)) void (*Await)(void *continuation);
typedef SWIFT void (*Deallocate)(void *frame);

static void acquire_current_task(void) {
    void *task = NEXT(CurrentTask, "swift_task_getCurrent")();
    if (task) acquire(task);
}

// Most resumptions that come first come before this.
__attribute__((swiftasynccall)) void swift_continuation_await(void *continuation) {
    acquire_current_task();
    __attribute__((musttail)) return NEXT(Await, "swift_continuation_await")(continuation);
}

// Some come while the library is about to suspend the task. Whoever awaited gives back the frame of what it called next.
SWIFT void swift_task_dealloc(void *frame) {
    acquire_current_task();
    NEXT(Deallocate, "swift_task_dealloc")(frame);
}
