// Unbounded naturals as flat words, least significant first. Sizes count words. Unless said otherwise the time depends
// on sizes only, never on values.
#ifndef ATOLL_WORDS_H
#define ATOLL_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "atoll_nullability.h"

// r = a + b over `size` words; returns the carry, 0 or 1. r may be a or b.
uint64_t atoll_words_add(
    uint64_t *_Nonnull r, const uint64_t *_Nonnull a, const uint64_t *_Nonnull b, size_t size);

// r = a - b over `size` words; returns the borrow, 0 or 1. r may be a or b.
uint64_t atoll_words_subtract(
    uint64_t *_Nonnull r, const uint64_t *_Nonnull a, const uint64_t *_Nonnull b, size_t size);

// r = a · b; r has `a_size + b_size` words and overlaps neither.
void atoll_words_multiply(
    uint64_t *_Nonnull r, const uint64_t *_Nonnull a, size_t a_size, const uint64_t *_Nonnull b, size_t b_size);

// Divides a (changed into the remainder, `b_size` words, zeroes above) by b; the quotient has `a_size - b_size + 1`
// words. b_size >= 1, a_size >= b_size, top word of b not zero; scratch has `a_size + b_size + 1` words. Variable time.
void atoll_words_divide(
    uint64_t *_Nonnull quotient, uint64_t *_Nonnull a, size_t a_size, const uint64_t *_Nonnull b, size_t b_size,
    uint64_t *_Nonnull scratch);

// a mod d for d != 0. Constant time up to the processor's division.
uint64_t atoll_words_remainder(const uint64_t *_Nonnull a, size_t size, uint64_t d);

// The smallest prime factor of a below `bound` (at most 2^20), or 0. Variable time. a itself counts when it is below.
uint32_t atoll_words_small_factor(const uint64_t *_Nonnull a, size_t size, uint32_t bound);

// r = a << bits (0 ..< 64) over `size` words; returns the bits shifted out. r may be a.
uint64_t atoll_words_shift_left(uint64_t *_Nonnull r, const uint64_t *_Nonnull a, size_t size, unsigned bits);

// r = a >> bits (0 ..< 64) over `size` words. r may be a.
void atoll_words_shift_right(uint64_t *_Nonnull r, const uint64_t *_Nonnull a, size_t size, unsigned bits);

// Copies `width` bits that start at bit `from` of a (`size` words, zero beyond) into r as limbs of `limb_bits` bits
// (1 ... 64), `limbs` of them; width may be anything, limbs beyond it are zero.
void atoll_words_slice(
    uint64_t *_Nonnull r, size_t limbs, unsigned limb_bits, const uint64_t *_Nonnull a, size_t size, size_t from,
    size_t width);

// Joins `limbs` limbs of `limb_bits` bits each into `size` words; bits beyond are dropped.
void atoll_words_join(
    uint64_t *_Nonnull r, size_t size, const uint64_t *_Nonnull a, size_t limbs, unsigned limb_bits);

// Values of `width` bytes each into `word_width` words each and back, least significant first; the words hold the bytes
// (8 · word_width >= width), bytes beyond the words become zero.
void atoll_words_from_bytes(
    uint64_t *_Nonnull words, size_t word_width, const uint8_t *_Nonnull bytes, size_t width, size_t count);
void atoll_bytes_from_words(
    uint8_t *_Nonnull bytes, size_t width, const uint64_t *_Nonnull words, size_t word_width, size_t count);

// r -= n if r with the carry word `top` above it is at least n; returns 1 if it subtracted. At most 48 words.
uint64_t atoll_words_reduce_once(uint64_t *_Nonnull r, uint64_t *_Nonnull top, const uint64_t *_Nonnull n, size_t size);

#endif
