#include <string.h>

#include "Internal/batch.h"
#include "include/atoll_words.h"

// The odd powers of one factor, `odd_powers` groups from `table` on.
static void fill_odd_powers(const atoll_modulus *m, int form, uint64_t *table, uint32_t odd_powers, int lanes) {
    if (odd_powers < 2) return;
    size_t group = atoll_group_words(m, form);
    atoll_group squared;
    m->kernel->square(m, form, squared.words, table, lanes);
    for (uint32_t i = 1; i < odd_powers; i++) {
        m->kernel->multiply(m, form, table + i * group, table + (i - 1) * group, squared.words, lanes);
    }
}

static void gather_or_one(
    const atoll_modulus *m, int form, uint64_t *group, const uint64_t *a, const int32_t *index, const uint64_t *one,
    int lanes) {
    size_t element = (size_t)form * m->limbs;
    int32_t present[ATOLL_LANES] = {0};
    int missing = 0;
    for (int lane = 0; lane < lanes; lane++) {
        present[lane] = index[lane] < 0 ? 0 : index[lane];
        missing |= index[lane] < 0;
    }
    m->kernel->gather(m, form, group, a, element, present, lanes);
    for (int lane = 0; missing && lane < lanes; lane++) {
        if (index[lane] < 0) m->kernel->insert(m, form, group, one, lane);
    }
}

void atoll_batch_powers_public(
    const atoll_modulus *m, int form, uint64_t *r, const uint64_t *a, const int32_t *index, size_t factors,
    size_t count, const atoll_power_step *steps, size_t step_count, uint32_t odd_powers, const uint64_t *one) {
    size_t group = atoll_group_words(m, form), size = factors * odd_powers * group;
    uint64_t *table = atoll_scratch(size);
    atoll_group x;
    const int32_t zeros[ATOLL_LANES] = {0};
    for (size_t i = 0; i < count; i += ATOLL_LANES) {
        int lanes = atoll_lanes_at(i, count);
        for (size_t f = 0; f < factors; f++) {
            uint64_t *powers = table + f * odd_powers * group;
            gather_or_one(m, form, powers, a, index + f * count + i, one, lanes);
            fill_odd_powers(m, form, powers, odd_powers, lanes);
        }
        int begun = 0;
        for (size_t s = 0; s < step_count; s++) {
            for (uint32_t t = 0; begun && t < steps[s].squarings; t++) {
                m->kernel->square(m, form, x.words, x.words, lanes);
            }
            if (steps[s].digit == 0) continue;
            const uint64_t *factor = table + (steps[s].factor * odd_powers + steps[s].digit / 2) * group;
            if (begun) {
                m->kernel->multiply(m, form, x.words, x.words, factor, lanes);
            } else {
                memcpy(x.words, factor, group * sizeof *factor);
                begun = 1;
            }
        }
        if (!begun) m->kernel->gather(m, form, x.words, one, 0, zeros, lanes);
        atoll_scatter(m, form, x.words, r, NULL, i, lanes);
    }
    atoll_scratch_release(table, size);
}

static uint32_t digit_of(const uint64_t *exponent, size_t width, unsigned bits, unsigned from, unsigned window) {
    uint64_t digit;
    unsigned take = bits - from < window ? bits - from : window;
    atoll_words_slice(&digit, 1, 64, exponent, width, from, take);
    return (uint32_t)digit;
}

void atoll_batch_powers(
    const atoll_modulus *m, int form, uint64_t *r, const uint64_t *a, size_t count, const uint64_t *exponents,
    size_t exponent_stride, size_t width, unsigned bits, unsigned window, int masked, const uint64_t *one) {
    const atoll_kernel *kernel = m->kernel;
    size_t group = atoll_group_words(m, form), entries = (size_t)1 << window;
    uint64_t *table = atoll_scratch(entries * group);
    atoll_group x, factor;
    uint32_t digit[ATOLL_LANES] = {0};
    const int32_t zeros[ATOLL_LANES] = {0};
    atoll_operand from = {a, (size_t)form * m->limbs, NULL};
    for (size_t i = 0; i < count; i += ATOLL_LANES) {
        int lanes = atoll_lanes_at(i, count);
        kernel->gather(m, form, table, one, 0, zeros, lanes);
        atoll_gather(m, form, table + group, from, i, lanes);
        for (size_t e = 2; e < entries; e++) {
            uint64_t *to = table + e * group;
            if (e % 2 == 0) {
                kernel->square(m, form, to, table + e / 2 * group, lanes);
            } else {
                kernel->multiply(m, form, to, to - group, table + group, lanes);
            }
        }
        kernel->gather(m, form, x.words, one, 0, zeros, lanes);
        for (unsigned w = (bits + window - 1) / window; w-- > 0;) {
            for (int lane = 0; lane < lanes; lane++) {
                const uint64_t *exponent = exponents + (i + (size_t)lane) * exponent_stride;
                digit[lane] = digit_of(exponent, width, bits, w * window, window);
            }
            int first = (w + 1) * window >= bits;
            for (unsigned t = 0; !first && t < window; t++) kernel->square(m, form, x.words, x.words, lanes);
            kernel->pick(m, form, factor.words, table, (int)entries, digit, masked, lanes);
            kernel->multiply(m, form, x.words, x.words, factor.words, lanes);
        }
        atoll_scatter(m, form, x.words, r, NULL, i, lanes);
    }
    atoll_scratch_release(table, entries * group);
    atoll_wipe(digit, sizeof digit);
    atoll_wipe_stack();
}
