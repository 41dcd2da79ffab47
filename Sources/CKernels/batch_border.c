// Entering and leaving kernel form.
#include <string.h>

#include "Internal/batch.h"
#include "include/atoll_words.h"

static const int32_t lane_order[ATOLL_LANES] = {0, 1, 2, 3, 4, 5, 6, 7};

// Digit t of elements begin ... as a group of form 1.
static void digit_group(
    const atoll_modulus *m, uint64_t *group, atoll_digits digits, int t, size_t begin, int lanes) {
    uint64_t limbs[ATOLL_LANES * ATOLL_MAX_LIMBS];
    for (int lane = 0; lane < lanes; lane++) {
        const uint64_t *words = digits.words + (begin + (size_t)lane) * digits.element_words;
        atoll_words_slice(limbs + (size_t)lane * m->limbs, m->limbs, m->kernel->limb_bits, words,
            digits.element_words, (size_t)t * digits.step_bits, digits.digit_bits);
    }
    m->kernel->gather(m, 1, group, limbs, m->limbs, lane_order, lanes);
}

static void sum_group(
    const atoll_modulus *m, int form, uint64_t *r, const uint64_t *weights, int terms, atoll_digits digits,
    size_t begin, int lanes, uint64_t *scratch) {
    for (int t = 0; t < terms; t++) {
        digit_group(m, scratch + (size_t)t * atoll_group_words(m, 1), digits, t, begin, lanes);
    }
    m->kernel->sum(m, form, r, weights, scratch, terms, lanes);
}

void atoll_batch_enter(
    const atoll_modulus *m, int form, uint64_t *r, const uint64_t *weights, int terms, atoll_digits digits,
    size_t count) {
    atoll_group x;
    size_t size = (size_t)terms * atoll_group_words(m, 1);
    uint64_t *scratch = atoll_scratch(size);
    for (size_t i = 0; i < count; i += ATOLL_LANES) {
        int lanes = atoll_lanes_at(i, count);
        sum_group(m, form, x.words, weights, terms, digits, i, lanes, scratch);
        atoll_scatter(m, form, x.words, r, NULL, i, lanes);
    }
    atoll_scratch_release(scratch, size);
    atoll_wipe_stack();
}

// Unique halves of a group that is no longer in Montgomery form, lane after lane, as words of n.
static void words_of(
    const atoll_modulus *m, int form, uint64_t *words, const uint64_t *group, int lanes) {
    uint64_t limbs[ATOLL_LANES * 2 * ATOLL_MAX_LIMBS];
    size_t element = (size_t)form * m->limbs;
    m->kernel->scatter(m, form, group, limbs, element, lane_order, lanes);
    for (size_t half = 0; half < (size_t)lanes * (size_t)form; half++) {
        atoll_words_join(words + half * m->words, m->words, limbs + half * m->limbs, m->limbs, m->kernel->limb_bits);
    }
}

// value = x0 + n·x1, cut or filled to `size` words.
static void value_of(const atoll_modulus *m, int form, uint64_t *value, size_t size, const uint64_t *halves) {
    uint64_t t[2 * ATOLL_MODULUS_MAX_WORDS];
    size_t full = (size_t)form * m->words;
    if (form == 2) {
        atoll_words_multiply(t, m->n_words, m->words, halves + m->words, m->words);
        uint64_t carry = atoll_words_add(t, t, halves, m->words);
        for (size_t i = m->words; i < full; i++) {
            t[i] += carry;
            carry &= (uint64_t)(t[i] == 0);
        }
    } else {
        memcpy(t, halves, full * sizeof *t);
    }
    for (size_t i = 0; i < size; i++) value[i] = i < full ? t[i] : 0;
}

void atoll_batch_leave(
    const atoll_modulus *m, int form, atoll_operand a, size_t count, uint64_t *value, size_t value_words,
    uint64_t *low, uint64_t *high) {
    atoll_group x, unit;
    uint64_t halves[ATOLL_LANES * 2 * ATOLL_MODULUS_MAX_WORDS], number_one[2 * ATOLL_MAX_LIMBS] = {1};
    const int32_t zeros[ATOLL_LANES] = {0};
    m->kernel->gather(m, form, unit.words, number_one, 0, zeros, ATOLL_LANES);
    for (size_t i = 0; i < count; i += ATOLL_LANES) {
        int lanes = atoll_lanes_at(i, count);
        atoll_gather(m, form, x.words, a, i, lanes);
        m->kernel->multiply(m, form, x.words, x.words, unit.words, lanes);
        m->kernel->canonical(m, form, x.words, x.words, lanes);
        words_of(m, form, halves, x.words, lanes);
        for (int lane = 0; lane < lanes; lane++) {
            const uint64_t *from = halves + (size_t)lane * (size_t)form * m->words;
            size_t at = i + (size_t)lane;
            if (value) value_of(m, form, value + at * value_words, value_words, from);
            if (low) memcpy(low + at * m->words, from, m->words * sizeof *low);
            if (high) memcpy(high + at * m->words, from + m->words, m->words * sizeof *high);
        }
    }
    atoll_wipe_stack();
}

void atoll_batch_combine(
    const atoll_modulus *m, uint64_t *out, const uint64_t *weights, int terms, atoll_digits digits, size_t count) {
    atoll_group x;
    size_t size = (size_t)terms * atoll_group_words(m, 1);
    uint64_t *scratch = atoll_scratch(size);
    for (size_t i = 0; i < count; i += ATOLL_LANES) {
        int lanes = atoll_lanes_at(i, count);
        sum_group(m, 1, x.words, weights, terms, digits, i, lanes, scratch);
        m->kernel->canonical(m, 1, x.words, x.words, lanes);
        words_of(m, 1, out + i * m->words, x.words, lanes);
    }
    atoll_scratch_release(scratch, size);
    atoll_wipe_stack();
}

void atoll_batch_one_plus(
    const atoll_modulus *m, uint64_t *r, atoll_operand a, const uint64_t *square_of_r, atoll_digits digits,
    size_t count) {
    atoll_group x, t, digit;
    for (size_t i = 0; i < count; i += ATOLL_LANES) {
        int lanes = atoll_lanes_at(i, count);
        digit_group(m, digit.words, digits, 0, i, lanes);
        m->kernel->sum(m, 1, t.words, square_of_r, digit.words, 1, lanes);
        atoll_gather(m, 2, x.words, a, i, lanes);
        m->kernel->one_plus(m, x.words, x.words, t.words, lanes);
        atoll_scatter(m, 2, x.words, r, NULL, i, lanes);
    }
    atoll_wipe_stack();
}
