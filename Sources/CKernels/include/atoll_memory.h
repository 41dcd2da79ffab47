// Memory for secrets, wiping that the optimiser may not remove, and random bytes from the system.
#ifndef ATOLL_MEMORY_H
#define ATOLL_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "atoll_nullability.h"

// Overwrites `size` bytes with zero; the stores happen even if nobody reads the memory again.
void atoll_wipe(void *_Nonnull memory, size_t size);

// Whole pages of zeroes for secrets, left out of core dumps. Null when the system has no memory.
void *_Nullable atoll_secret_allocate(size_t size);

// Wipes the pages, shows them to the observer if there is one, and gives them back. `size` as allocated.
void atoll_secret_release(void *_Nonnull memory, size_t size);

// Test hook: called with the address and size of released memory of both kinds after the wipe, before it goes back;
// null takes it away. The observer may run on any thread.
typedef void (*atoll_release_observer)(const void *_Nonnull memory, size_t size);
void atoll_secret_observe(atoll_release_observer _Nullable observer);

// Memory aligned to 64 bytes that is wiped when released; for residues and scratch. Null when there is none.
void *_Nullable atoll_aligned_allocate(size_t size);
void atoll_aligned_release(void *_Nonnull memory, size_t size);

// Overwrites the part of the stack that kernels use below the caller's frame (48 KiB).
void atoll_wipe_stack(void);

// Fills `size` bytes from getrandom(2), never from an instruction. 0, or errno of the refusal.
int atoll_random(void *_Nonnull bytes, size_t size);

#endif
