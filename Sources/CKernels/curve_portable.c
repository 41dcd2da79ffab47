// The curve in plain C, one point at a time: five limbs of 51 bits, products of 128 bits. Runs everywhere.
#include "Internal/curve.h"

#define KERNEL(name) name##_portable
#define KERNEL_NAME "portable"
#define LANES 1

typedef unsigned __int128 wide;

// Limbs of a tidy element are below 2^51 + 2^13, those of a loose one below 2^54.
typedef struct {
    uint64_t l[5];
} FE_portable;
typedef struct {
    wide w[5];
} WIDE_portable;

static const uint64_t mask51_portable = ((uint64_t)1 << 51) - 1;

static int runs_here_portable(void) { return 1; }

// p · 2^60, above every column of a product: 77 · 2^104 < 2^111.
static inline wide bias_portable(int k) {
    return (wide)(k == 0 ? mask51_portable - 18 : mask51_portable) << 60;
}

static inline __attribute__((always_inline)) WIDE_portable product_portable(
    const FE_portable *a, const FE_portable *b, int biased) {
    WIDE_portable r;
    uint64_t b19[5];
    for (int i = 1; i < 5; i++) b19[i] = 19 * b->l[i];
    for (int k = 0; k < 5; k++) {
        wide sum = biased ? bias_portable(k) : 0;
        for (int i = 0; i < 5; i++) sum += (wide)a->l[i] * (i <= k ? b->l[k - i] : b19[5 + k - i]);
        r.w[k] = sum;
    }
    return r;
}

static inline __attribute__((always_inline)) WIDE_portable square_portable(const FE_portable *a, int biased) {
    const uint64_t *l = a->l;
    uint64_t d0 = 2 * l[0], d1 = 2 * l[1], d2 = 38 * l[2], d4 = 19 * l[4], d3 = 19 * l[3];
    WIDE_portable r;
    r.w[0] = (wide)l[0] * l[0] + (wide)(2 * d4) * l[1] + (wide)d2 * l[3];
    r.w[1] = (wide)d0 * l[1] + (wide)d2 * l[4] + (wide)d3 * l[3];
    r.w[2] = (wide)d0 * l[2] + (wide)l[1] * l[1] + (wide)(2 * d4) * l[3];
    r.w[3] = (wide)d0 * l[3] + (wide)d1 * l[2] + (wide)d4 * l[4];
    r.w[4] = (wide)d0 * l[4] + (wide)d1 * l[3] + (wide)l[2] * l[2];
    for (int k = 0; biased && k < 5; k++) r.w[k] += bias_portable(k);
    return r;
}

static inline __attribute__((always_inline)) FE_portable carry_portable(WIDE_portable w) {
    FE_portable r;
    for (int k = 0; k < 4; k++) {
        w.w[k + 1] += w.w[k] >> 51;
        r.l[k] = (uint64_t)w.w[k] & mask51_portable;
    }
    r.l[4] = (uint64_t)w.w[4] & mask51_portable;
    wide low = (w.w[4] >> 51) * 19 + r.l[0];
    r.l[0] = (uint64_t)low & mask51_portable;
    r.l[1] += (uint64_t)(low >> 51);
    return r;
}

static inline WIDE_portable wide_add_portable(WIDE_portable a, WIDE_portable b) {
    for (int k = 0; k < 5; k++) a.w[k] += b.w[k];
    return a;
}

static inline WIDE_portable wide_subtract_portable(WIDE_portable a, WIDE_portable b) {
    for (int k = 0; k < 5; k++) a.w[k] -= b.w[k];
    return a;
}

static inline FE_portable tidy_portable(FE_portable a) {
    WIDE_portable w;
    for (int k = 0; k < 5; k++) w.w[k] = a.l[k];
    return carry_portable(w);
}

static inline FE_portable add_portable(FE_portable a, FE_portable b) {
    for (int k = 0; k < 5; k++) a.l[k] += b.l[k];
    return a;
}

// a - b + 4p
static inline FE_portable subtract_portable(FE_portable a, FE_portable b) {
    for (int k = 0; k < 5; k++) a.l[k] += (k == 0 ? mask51_portable - 18 : mask51_portable) * 4 - b.l[k];
    return a;
}

static inline FE_portable ladder_term_portable(const FE_portable *a, const FE_portable *b) {
    WIDE_portable w;
    for (int k = 0; k < 5; k++) w.w[k] = (wide)b->l[k] * 121665 + a->l[k];
    return carry_portable(w);
}

static inline void swap_portable(FE_portable *a, FE_portable *b, uint64_t mask) {
    for (int k = 0; k < 5; k++) {
        uint64_t t = (a->l[k] ^ b->l[k]) & mask;
        a->l[k] ^= t;
        b->l[k] ^= t;
    }
}

static inline FE_portable select_portable(const uint64_t mask[LANES], FE_portable a, FE_portable b) {
    for (int k = 0; k < 5; k++) a.l[k] = (a.l[k] & mask[0]) | (b.l[k] & ~mask[0]);
    return a;
}

static inline void to_limbs_portable(uint64_t limbs[5][LANES], FE_portable a) {
    for (int k = 0; k < 5; k++) limbs[k][0] = a.l[k];
}

static inline FE_portable from_limbs_portable(const uint64_t limbs[5][LANES]) {
    FE_portable r;
    for (int k = 0; k < 5; k++) r.l[k] = limbs[k][0];
    return r;
}

#include "Internal/curve.inc"
#include "Internal/curve_hash.inc"
#include "Internal/curve_kernel.inc"
