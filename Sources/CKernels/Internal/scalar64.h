// What every kernel with 64-bit limbs shares: layout (eight residues, one after the other) and table reads.
#ifndef ATOLL_INTERNAL_SCALAR64_H
#define ATOLL_INTERNAL_SCALAR64_H

#include "kernel.h"

void atoll_scalar64_prepare(atoll_modulus *m, const uint64_t *r_mod_n);
void atoll_scalar64_gather(const atoll_modulus *m, int form, uint64_t *group, const uint64_t *base, size_t stride,
    const int32_t *index, int lanes);
void atoll_scalar64_scatter(const atoll_modulus *m, int form, const uint64_t *group, uint64_t *base, size_t stride,
    const int32_t *index, int lanes);
void atoll_scalar64_insert(const atoll_modulus *m, int form, uint64_t *group, const uint64_t *element, int lane);
void atoll_scalar64_extract(const atoll_modulus *m, int form, const uint64_t *group, uint64_t *element, int lane);
void atoll_scalar64_canonical(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *a, int lanes);
void atoll_scalar64_pick(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *table, int entries,
    const uint32_t *digit, int masked, int lanes);
void atoll_scalar64_scan(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *table, int entries,
    const uint32_t *digit, int lanes);

#endif
