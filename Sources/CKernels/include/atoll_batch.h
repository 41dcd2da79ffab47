// Operations over batches of residues. A batch is `count` elements of form · limbs words each, element i at
// base + i · form · limbs, in the kernel's limbs. Every call checks nothing: indices, sizes and forms are the caller's
// duty. Destinations may equal sources where it says so. Calls are thread safe on disjoint destinations.
//
// Timing: the time of every call depends on counts, sizes and indices, and on values only where a parameter says
// `masked` = 0 or an exponent is named public.
#ifndef ATOLL_BATCH_H
#define ATOLL_BATCH_H

#include "atoll_kernel.h"
#include "atoll_nullability.h"

// One operand: elements at base + stride · index[i] (words); a null index means i; stride 0 means one for all.
typedef struct {
    const uint64_t *_Nonnull base;
    size_t stride;
    const int32_t *_Nullable index;
} atoll_operand;

// 1 when every index is in [low, limit).
int atoll_indices_within(const int32_t *_Nonnull index, size_t count, int32_t low, int32_t limit);

// 1 when starts[0] >= 0, no start is below the one before it, and the last is at most `limit`.
int atoll_starts_ordered(const int32_t *_Nonnull starts, size_t count, int32_t limit);

// r[index_r[i]] = a_i · b_i for i < count. Runs of eight are read before they are written, runs in order.
void atoll_batch_multiply(
    const atoll_modulus *_Nonnull m, int form, uint64_t *_Nonnull r, const int32_t *_Nullable r_index,
    atoll_operand a, atoll_operand b, size_t count);

// r[i] = a_i^(2^times). r may be a's base when its index is null and its stride is that of the form.
void atoll_batch_square(
    const atoll_modulus *_Nonnull m, int form, uint64_t *_Nonnull r, atoll_operand a, size_t count, size_t times);

// r[targets[s]] *= product of rows[indices[i]] for i in starts[s] ..< starts[s + 1], s < segments; stride counts words
// between rows and may exceed the element (plain products over the low halves of pairs). Targets are distinct.
void atoll_batch_accumulate(
    const atoll_modulus *_Nonnull m, int form, uint64_t *_Nonnull r, const int32_t *_Nonnull targets,
    const uint64_t *_Nonnull rows, size_t stride, const int32_t *_Nonnull indices, const int32_t *_Nonnull starts,
    size_t segments);

// One step of a schedule that is the same for all elements: square `squarings` times, then multiply by the entry
// `digit` (odd, at most 2·entries - 1) of factor `factor`; digit 0 multiplies by nothing.
typedef struct {
    uint32_t squarings;
    uint32_t factor;
    uint32_t digit;
} atoll_power_step;

// r[i] = Π_f a[index[f · count + i]]^(e_f) for public exponents given as a schedule: the first step's squarings are
// ignored; `odd_powers` is the number of odd powers 1, 3, 5, … that the steps use (1 ... 16). A negative index is the
// factor one. `one` is the element one. Variable time in the exponents.
void atoll_batch_powers_public(
    const atoll_modulus *_Nonnull m, int form, uint64_t *_Nonnull r, const uint64_t *_Nonnull a,
    const int32_t *_Nonnull index, size_t factors, size_t count, const atoll_power_step *_Nonnull steps,
    size_t step_count, uint32_t odd_powers, const uint64_t *_Nonnull one);

// r[i] = a_i^(e_i), exponents of `width` words at exponents + i · exponent_stride (0: one for all), of which the low
// `bits` count. Windows of `window` bits (1 ... 6). masked: constant time in the exponents; else table reads by digit.
void atoll_batch_powers(
    const atoll_modulus *_Nonnull m, int form, uint64_t *_Nonnull r, const uint64_t *_Nonnull a, size_t count,
    const uint64_t *_Nonnull exponents, size_t exponent_stride, size_t width, unsigned bits, unsigned window,
    int masked, const uint64_t *_Nonnull one);

// Fixed base: table[w · 2^window + d] = base^(d · 2^(w · window)), windows = ceil(bits / window). The table is filled
// from the element `base`. r[i] = base^(e_i).
void atoll_fixed_base_fill(
    const atoll_modulus *_Nonnull m, int form, uint64_t *_Nonnull table, const uint64_t *_Nonnull base,
    unsigned bits, unsigned window, const uint64_t *_Nonnull one);
void atoll_fixed_base_powers(
    const atoll_modulus *_Nonnull m, int form, uint64_t *_Nonnull r, size_t count, const uint64_t *_Nonnull table,
    const uint64_t *_Nonnull exponents, size_t width, unsigned bits, unsigned window, int masked);

// How numbers lie in words: element i begins at i · element_words; its digit t is the digit_bits bits from bit
// t · step_bits on (zero beyond the element). digit_bits is at most the bits of n.
typedef struct {
    const uint64_t *_Nonnull words;
    size_t element_words;
    size_t step_bits;
    size_t digit_bits;
} atoll_digits;

// r[i] = Σ_t digit_t · weight_t / R as an element of the form, terms in 1 ... 8. Weights are canonical elements:
// with weight_t = 2^(t·bits)·R² this enters Montgomery form and reduces, without division, in constant time.
void atoll_batch_enter(
    const atoll_modulus *_Nonnull m, int form, uint64_t *_Nonnull r, const uint64_t *_Nonnull weights, int terms,
    atoll_digits digits, size_t count);

// Leaves Montgomery form. Any of the outputs may be null: `value` (value_words words each: x0 + n·x1), `low` and
// `high` (words of n each: x0 and x1). Unique values.
void atoll_batch_leave(
    const atoll_modulus *_Nonnull m, int form, atoll_operand a, size_t count, uint64_t *_Nullable value,
    size_t value_words, uint64_t *_Nullable low, uint64_t *_Nullable high);

// out[i] = Σ_t digit_t · weight_t / R mod n as words of n, unique: with weight_t = w_t·R this is Σ digit_t · w_t mod n.
void atoll_batch_combine(
    const atoll_modulus *_Nonnull m, uint64_t *_Nonnull out, const uint64_t *_Nonnull weights, int terms,
    atoll_digits digits, size_t count);

// Pair only: r[i] = a_i · (1 + m_i·n), m_i below 2^bits(n) as digit 0; `square_of_r` is R² mod n, plain, canonical.
void atoll_batch_one_plus(
    const atoll_modulus *_Nonnull m, uint64_t *_Nonnull r, atoll_operand a, const uint64_t *_Nonnull square_of_r,
    atoll_digits digits, size_t count);

#endif
