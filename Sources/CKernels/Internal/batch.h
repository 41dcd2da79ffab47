// Small helpers of the batch operations.
#ifndef ATOLL_INTERNAL_BATCH_H
#define ATOLL_INTERNAL_BATCH_H

#include <stdlib.h>

#include "../include/atoll_batch.h"
#include "../include/atoll_memory.h"
#include "kernel.h"

// A group on the stack.
typedef struct {
    _Alignas(64) uint64_t words[ATOLL_MAX_GROUP];
} atoll_group;

static inline int atoll_lanes_at(size_t begin, size_t count) {
    return count - begin < ATOLL_LANES ? (int)(count - begin) : ATOLL_LANES;
}

static inline void atoll_gather(
    const atoll_modulus *m, int form, uint64_t *group, atoll_operand from, size_t begin, int lanes) {
    int32_t index[ATOLL_LANES] = {0};
    for (int lane = 0; lane < lanes; lane++) {
        size_t at = begin + (size_t)lane;
        index[lane] = from.index ? from.index[at] : (int32_t)at;
    }
    m->kernel->gather(m, form, group, from.base, from.stride, index, lanes);
}

static inline void atoll_scatter(
    const atoll_modulus *m, int form, const uint64_t *group, uint64_t *to, const int32_t *targets, size_t begin,
    int lanes) {
    int32_t index[ATOLL_LANES] = {0};
    for (int lane = 0; lane < lanes; lane++) {
        size_t at = begin + (size_t)lane;
        index[lane] = targets ? targets[at] : (int32_t)at;
    }
    m->kernel->scatter(m, form, group, to, (size_t)form * m->limbs, index, lanes);
}

// Scratch that must exist: the callers have no way to go on without it.
static inline uint64_t *atoll_scratch(size_t words) {
    uint64_t *memory = atoll_aligned_allocate(words * sizeof(uint64_t));
    if (!memory) abort();
    return memory;
}

static inline void atoll_scratch_release(uint64_t *memory, size_t words) {
    atoll_aligned_release(memory, words * sizeof(uint64_t));
}

#endif
