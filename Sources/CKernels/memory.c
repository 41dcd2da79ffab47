#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/random.h>
#endif

#include "include/atoll_memory.h"

void atoll_wipe(void *memory, size_t size) {
    memset(memory, 0, size);
    // The barrier makes the memory observable, so the stores above are not dead.
    __asm__ volatile("" : : "r"(memory) : "memory");
}

static size_t whole_pages(size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (size + page - 1) / page * page + (size == 0 ? page : 0);
}

void *atoll_secret_allocate(size_t size) {
    size_t bytes = whole_pages(size);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
#if defined(MADV_DONTDUMP)
    (void)madvise(memory, bytes, MADV_DONTDUMP);
#endif
    return memory;
}

static _Atomic(atoll_release_observer) release_observer;

void atoll_secret_observe(atoll_release_observer observer) { atomic_store(&release_observer, observer); }

static void wipe_and_show(void *memory, size_t bytes) {
    atoll_wipe(memory, bytes);
    atoll_release_observer observer = atomic_load(&release_observer);
    if (observer) observer(memory, bytes);
}

void atoll_secret_release(void *memory, size_t size) {
    size_t bytes = whole_pages(size);
    wipe_and_show(memory, bytes);
    (void)munmap(memory, bytes);
}

// Tables and batches of some megabytes are read at random: on huge pages those reads do not miss the page tables.
void *atoll_aligned_allocate(size_t size) {
    const size_t huge = (size_t)2 << 20;
    if (size < 2 * huge) return aligned_alloc(64, (size + 127) / 64 * 64);
    void *memory = aligned_alloc(huge, (size + huge - 1) / huge * huge);
#if defined(MADV_HUGEPAGE)
    if (memory) (void)madvise(memory, size, MADV_HUGEPAGE);
#endif
    return memory;
}

void atoll_aligned_release(void *memory, size_t size) {
    wipe_and_show(memory, size);
    free(memory);
}

__attribute__((noinline)) void atoll_wipe_stack(void) {
    unsigned char below[48 * 1024];
    atoll_wipe(below, sizeof below);
}

int atoll_random(void *bytes, size_t size) {
    unsigned char *at = bytes;
    while (size > 0) {
#if defined(__linux__)
        ssize_t got = getrandom(at, size < 1u << 20 ? size : 1u << 20, 0);
#else
        ssize_t got = (ssize_t)(size < 256 ? size : 256);
        if (getentropy(at, (size_t)got) != 0) got = -1;
#endif
        if (got < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        at += got;
        size -= (size_t)got;
    }
    return 0;
}
