// The portable kernel: C alone, with the compiler's 128-bit products. The reference for every other kernel.
#include <string.h>

#include "Internal/scalar64.h"
#include "include/atoll_words.h"

#define KERNEL(name) name##_portable
#define KERNEL_NAME "portable"

typedef unsigned __int128 wide;

static int runs_here_portable(void) { return 1; }

static inline void add_product(uint64_t *restrict acc, const uint64_t *restrict x, uint64_t y) {
    uint64_t carry = 0;
    for (int i = 0; i < 8; i++) {
        wide t = (wide)x[i] * y + acc[i] + carry;
        acc[i] = (uint64_t)t;
        carry = (uint64_t)(t >> 64);
    }
    acc[8] = carry;
}

// acc[8 ..< 17] += high[0 ..< 8]
static inline void add_high(uint64_t *acc, const uint64_t *high) {
    uint64_t carry = 0;
    for (int i = 0; i < 8; i++) {
        wide t = (wide)acc[8 + i] + high[i] + carry;
        acc[8 + i] = (uint64_t)t;
        carry = (uint64_t)(t >> 64);
    }
    acc[16] += carry;
}

static void diagonal_portable(uint64_t *acc, const uint64_t *x, const uint64_t *y, size_t count) {
    for (size_t b = 0; b < count; b++) {
        uint64_t t[17];
        for (int i = 0; i < 8; i++) t[i] = acc[i];
        for (int j = 0; j < 8; j++) add_product(t + j, x + 8 * b, y[j - 8 * (ptrdiff_t)b]);
        for (int i = 0; i < 8; i++) acc[i] = t[i];
        add_high(acc, t + 8);
    }
}

static void quotient_portable(uint64_t *acc, uint64_t *q, const uint64_t *n, uint64_t inverse) {
    uint64_t t[17];
    for (int i = 0; i < 8; i++) t[i] = acc[i];
    for (int j = 0; j < 8; j++) {
        q[j] = t[j] * inverse;
        add_product(t + j, n, q[j]);
    }
    for (int i = 0; i < 8; i++) acc[i] = 0;
    add_high(acc, t + 8);
}

#include "Internal/scalar64.inc"
