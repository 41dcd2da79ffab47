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

// r = Σ table[e · step] & mask_e over the entries, where the mask is all ones for the digit's entry: sixteen words at a
// time, so that they stay in registers while all entries pass.
static void select_entry(
    uint64_t *r, const uint64_t *table, size_t step, size_t words, int entries, uint64_t digit) {
    for (size_t at = 0; at < words; at += 16) {  // halves have a multiple of eight limbs
        size_t part = words - at < 16 ? words - at : 16;
        uint64_t v[16] = {0};
        for (int e = 0; e < entries; e++) {
            const uint64_t *from = table + (size_t)e * step + at;
            uint64_t mask = equal_mask(digit, (uint64_t)e);
            if (part == 16) {
                for (int i = 0; i < 16; i++) v[i] |= from[i] & mask;
            } else {
                for (int i = 0; i < 8; i++) v[i] |= from[i] & mask;
            }
        }
        memcpy(r + at, v, part * sizeof *r);
    }
}

void atoll_scalar64_pick(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *table, int entries,
    const uint32_t *digit, int masked, int lanes) {
    size_t element = (size_t)form * m->limbs, group = element * ATOLL_LANES;
    for (int lane = 0; lane < lanes; lane++) {
        uint64_t *to = r + (size_t)lane * element;
        const uint64_t *from = table + (size_t)lane * element;
        if (masked) {
            select_entry(to, from, group, element, entries, digit[lane]);
        } else {
            memcpy(to, from + digit[lane] * group, element * sizeof *r);
        }
    }
}

void atoll_scalar64_scan(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *table, int entries,
    const uint32_t *digit, int lanes) {
    size_t element = (size_t)form * m->limbs;
    for (int lane = 0; lane < lanes; lane++) {
        select_entry(r + (size_t)lane * element, table, element, element, entries, digit[lane]);
    }
}
