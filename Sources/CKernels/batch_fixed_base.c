#include <string.h>

#include "Internal/batch.h"
#include "include/atoll_words.h"

void atoll_fixed_base_fill(
    const atoll_modulus *m, int form, uint64_t *table, const uint64_t *base, unsigned bits, unsigned window,
    const uint64_t *one) {
    const atoll_kernel *kernel = m->kernel;
    size_t element = (size_t)form * m->limbs, row = element << window;
    unsigned windows = (bits + window - 1) / window, entries = 1u << window;
    atoll_group power, x;
    const int32_t first = 0;
    // Entry 1 of every row: base^(2^(w · window)).
    kernel->gather(m, form, power.words, base, 0, &first, 1);
    for (unsigned w = 0; w < windows; w++) {
        kernel->extract(m, form, power.words, table + w * row + element, 0);
        memcpy(table + w * row, one, element * sizeof *one);
        for (unsigned t = 0; t < window && w + 1 < windows; t++) {
            kernel->square(m, form, power.words, power.words, 1);
        }
    }
    // The other entries, eight rows side by side.
    for (unsigned w = 0; w < windows; w += ATOLL_LANES) {
        int lanes = atoll_lanes_at(w, windows);
        int32_t rows[ATOLL_LANES] = {0};
        for (int lane = 0; lane < lanes; lane++) rows[lane] = (int32_t)w + lane;
        kernel->gather(m, form, power.words, table + element, row, rows, lanes);
        memcpy(x.words, power.words, atoll_group_words(m, form) * sizeof(uint64_t));
        for (unsigned e = 2; e < entries; e++) {
            kernel->multiply(m, form, x.words, x.words, power.words, lanes);
            kernel->scatter(m, form, x.words, table + e * element, row, rows, lanes);
        }
    }
}

static void digits_of(
    uint32_t *digit, const uint64_t *exponents, size_t width, unsigned bits, unsigned w, unsigned window, int lanes) {
    unsigned from = w * window, take = bits - from < window ? bits - from : window;
    for (int lane = 0; lane < lanes; lane++) {
        uint64_t value;
        atoll_words_slice(&value, 1, 64, exponents + (size_t)lane * width, width, from, take);
        digit[lane] = (uint32_t)value;
    }
}

static void prefetch(const uint64_t *table, size_t element, const uint32_t *digit, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
        const char *entry = (const char *)(table + digit[lane] * element);
        for (size_t at = 0; at < element * sizeof *table; at += 64) __builtin_prefetch(entry + at, 0, 2);
    }
}

static void fetch(
    const atoll_modulus *m, int form, uint64_t *group, const uint64_t *row, unsigned window, const uint32_t *digit,
    int masked, int lanes) {
    if (masked) {
        m->kernel->scan(m, form, group, row, 1 << window, digit, lanes);
        return;
    }
    int32_t index[ATOLL_LANES] = {0};
    for (int lane = 0; lane < lanes; lane++) index[lane] = (int32_t)digit[lane];
    m->kernel->gather(m, form, group, row, (size_t)form * m->limbs, index, lanes);
}

void atoll_fixed_base_powers(
    const atoll_modulus *m, int form, uint64_t *r, size_t count, const uint64_t *table, const uint64_t *exponents,
    size_t width, unsigned bits, unsigned window, int masked) {
    size_t element = (size_t)form * m->limbs, row = element << window;
    unsigned windows = (bits + window - 1) / window;
    atoll_group x, factor;
    uint32_t digit[ATOLL_LANES] = {0}, next[ATOLL_LANES] = {0};
    for (size_t i = 0; i < count; i += ATOLL_LANES) {
        int lanes = atoll_lanes_at(i, count);
        const uint64_t *e = exponents + i * width;
        digits_of(digit, e, width, bits, 0, window, lanes);
        for (unsigned w = 0; w < windows; w++) {
            fetch(m, form, w == 0 ? x.words : factor.words, table + w * row, window, digit, masked, lanes);
            if (w + 1 < windows) {
                digits_of(next, e, width, bits, w + 1, window, lanes);
                if (!masked) prefetch(table + (w + 1) * row, element, next, lanes);
                memcpy(digit, next, sizeof digit);
            }
            if (w > 0) m->kernel->multiply(m, form, x.words, x.words, factor.words, lanes);
        }
        atoll_scatter(m, form, x.words, r, NULL, i, lanes);
    }
    atoll_wipe(digit, sizeof digit);
    atoll_wipe(next, sizeof next);
    atoll_wipe_stack();
}
