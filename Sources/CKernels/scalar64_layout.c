#include <string.h>

#include "Internal/scalar64.h"
#include "include/atoll_words.h"

// lift = -R mod n, so that R + lift is the smallest multiple of n above R.
void atoll_scalar64_prepare(atoll_modulus *m, const uint64_t *r_mod_n) {
    (void)atoll_words_subtract(m->lift, m->n, r_mod_n, m->limbs);
    m->lift[m->limbs] = 0;
}

void atoll_scalar64_gather(const atoll_modulus *m, int form, uint64_t *group, const uint64_t *base, size_t stride,
    const int32_t *index, int lanes) {
    size_t element = (size_t)form * m->limbs;
    for (int lane = 0; lane < lanes; lane++) {
        memcpy(group + (size_t)lane * element, base + stride * (size_t)index[lane], element * sizeof *group);
    }
}

void atoll_scalar64_scatter(const atoll_modulus *m, int form, const uint64_t *group, uint64_t *base, size_t stride,
    const int32_t *index, int lanes) {
    size_t element = (size_t)form * m->limbs;
    for (int lane = 0; lane < lanes; lane++) {
        memcpy(base + stride * (size_t)index[lane], group + (size_t)lane * element, element * sizeof *group);
    }
}

void atoll_scalar64_insert(const atoll_modulus *m, int form, uint64_t *group, const uint64_t *element, int lane) {
    size_t size = (size_t)form * m->limbs;
    memcpy(group + (size_t)lane * size, element, size * sizeof *group);
}

void atoll_scalar64_extract(const atoll_modulus *m, int form, const uint64_t *group, uint64_t *element, int lane) {
    size_t size = (size_t)form * m->limbs;
    memcpy(element, group + (size_t)lane * size, size * sizeof *group);
}

// Halves are in [0, n) after every operation already.
void atoll_scalar64_canonical(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *a, int lanes) {
    memmove(r, a, (size_t)lanes * (size_t)form * m->limbs * sizeof *r);
}

// All ones when a == b, else zero, without a branch.
static inline uint64_t equal_mask(uint64_t a, uint64_t b) {
    uint64_t d = a ^ b;
    return ((d | (0 - d)) >> 63) - 1;
}

static void merge(uint64_t *restrict r, const uint64_t *restrict from, size_t words, uint64_t mask) {
    for (size_t i = 0; i < words; i++) r[i] |= from[i] & mask;
}

void atoll_scalar64_pick(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *table, int entries,
    const uint32_t *digit, int masked, int lanes) {
    size_t element = (size_t)form * m->limbs, group = element * ATOLL_LANES;
    for (int lane = 0; lane < lanes; lane++) {
        uint64_t *to = r + (size_t)lane * element;
        const uint64_t *from = table + (size_t)lane * element;
        if (!masked) {
            memcpy(to, from + digit[lane] * group, element * sizeof *r);
            continue;
        }
        memset(to, 0, element * sizeof *r);
        for (int e = 0; e < entries; e++) {
            merge(to, from + (size_t)e * group, element, equal_mask(digit[lane], (uint64_t)e));
        }
    }
}

void atoll_scalar64_scan(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *table, int entries,
    const uint32_t *digit, int lanes) {
    size_t element = (size_t)form * m->limbs;
    memset(r, 0, (size_t)lanes * element * sizeof *r);
    for (int e = 0; e < entries; e++) {
        for (int lane = 0; lane < lanes; lane++) {
            merge(r + (size_t)lane * element, table + (size_t)e * element, element,
                equal_mask(digit[lane], (uint64_t)e));
        }
    }
}
