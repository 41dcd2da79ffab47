#include <string.h>

#include "include/atoll_words.h"

typedef unsigned __int128 wide;

// One step of a chain of carries or borrows, which compilers turn into one instruction.
#if defined(__clang__)
static inline uint64_t add_step(uint64_t a, uint64_t b, uint64_t *carry) {
    unsigned long long out, r = __builtin_addcll(a, b, *carry, &out);
    *carry = out;
    return r;
}
static inline uint64_t subtract_step(uint64_t a, uint64_t b, uint64_t *borrow) {
    unsigned long long out, r = __builtin_subcll(a, b, *borrow, &out);
    *borrow = out;
    return r;
}
#else
static inline uint64_t add_step(uint64_t a, uint64_t b, uint64_t *carry) {
    wide t = (wide)a + b + *carry;
    *carry = (uint64_t)(t >> 64);
    return (uint64_t)t;
}
static inline uint64_t subtract_step(uint64_t a, uint64_t b, uint64_t *borrow) {
    wide t = (wide)a - b - *borrow;
    *borrow = (uint64_t)(t >> 64) & 1;
    return (uint64_t)t;
}
#endif

uint64_t atoll_words_add(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t size) {
    uint64_t carry = 0;
    size_t i = 0;
    for (; i + 4 <= size; i += 4) {
        for (size_t j = i; j < i + 4; j++) r[j] = add_step(a[j], b[j], &carry);
    }
    for (; i < size; i++) r[i] = add_step(a[i], b[i], &carry);
    return carry;
}

uint64_t atoll_words_subtract(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t size) {
    uint64_t borrow = 0;
    size_t i = 0;
    for (; i + 4 <= size; i += 4) {
        for (size_t j = i; j < i + 4; j++) r[j] = subtract_step(a[j], b[j], &borrow);
    }
    for (; i < size; i++) r[i] = subtract_step(a[i], b[i], &borrow);
    return borrow;
}

void atoll_words_multiply(uint64_t *r, const uint64_t *a, size_t a_size, const uint64_t *b, size_t b_size) {
    memset(r, 0, (a_size + b_size) * sizeof *r);
    for (size_t j = 0; j < b_size; j++) {
        uint64_t carry = 0, y = b[j];
        for (size_t i = 0; i < a_size; i++) {
            wide t = (wide)a[i] * y + r[i + j] + carry;
            r[i + j] = (uint64_t)t;
            carry = (uint64_t)(t >> 64);
        }
        r[a_size + j] = carry;
    }
}

uint64_t atoll_words_shift_left(uint64_t *r, const uint64_t *a, size_t size, unsigned bits) {
    uint64_t low = 0;
    for (size_t i = 0; i < size; i++) {
        uint64_t x = a[i];
        r[i] = bits ? (x << bits | low) : x;
        low = bits ? x >> (64 - bits) : 0;
    }
    return low;
}

void atoll_words_shift_right(uint64_t *r, const uint64_t *a, size_t size, unsigned bits) {
    for (size_t i = 0; i < size; i++) {
        uint64_t high = i + 1 < size ? a[i + 1] : 0;
        r[i] = bits ? (a[i] >> bits | high << (64 - bits)) : a[i];
    }
}

uint64_t atoll_words_remainder(const uint64_t *a, size_t size, uint64_t d) {
    uint64_t rest = 0;
    if (d >> 32) {
        for (size_t i = size; i-- > 0;) rest = (uint64_t)(((wide)rest << 64 | a[i]) % d);
        return rest;
    }
    for (size_t i = size; i-- > 0;) {  // two short divisions; a 128-bit one is a call
        rest = (rest << 32 | a[i] >> 32) % d;
        rest = (rest << 32 | (a[i] & 0xffffffff)) % d;
    }
    return rest;
}

// One quotient word from the top three words of the dividend and the top two of the divisor (normalised), at most one
// too large: Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D, step D3.
static uint64_t estimate(uint64_t u2, uint64_t u1, uint64_t u0, uint64_t v1, uint64_t v0) {
    wide q, rest;
    if (u2 >= v1) {
        q = UINT64_MAX;
        rest = (wide)u1 + v1;
    } else {
        wide top = (wide)u2 << 64 | u1;
        q = top / v1;
        rest = top % v1;
    }
    while ((rest >> 64) == 0 && q * v0 > (rest << 64 | u0)) {
        q -= 1;
        rest += v1;
    }
    return (uint64_t)q;
}

void atoll_words_divide(
    uint64_t *quotient, uint64_t *a, size_t a_size, const uint64_t *b, size_t b_size, uint64_t *scratch) {
    if (b_size == 1) {
        uint64_t rest = 0;
        for (size_t i = a_size; i-- > 0;) {
            wide t = (wide)rest << 64 | a[i];
            quotient[i] = (uint64_t)(t / b[0]);
            rest = (uint64_t)(t % b[0]);
            a[i] = 0;
        }
        a[0] = rest;
        return;
    }
    unsigned shift = (unsigned)__builtin_clzll(b[b_size - 1]);
    uint64_t *u = scratch, *v = scratch + a_size + 1;
    u[a_size] = atoll_words_shift_left(u, a, a_size, shift);
    (void)atoll_words_shift_left(v, b, b_size, shift);
    for (size_t j = a_size - b_size + 1; j-- > 0;) {
        uint64_t *w = u + j;
        uint64_t q = estimate(w[b_size], w[b_size - 1], w[b_size - 2], v[b_size - 1], v[b_size - 2]);
        uint64_t carry = 0, borrow = 0;
        for (size_t i = 0; i < b_size; i++) {
            wide t = (wide)q * v[i] + carry;
            carry = (uint64_t)(t >> 64);
            wide d = (wide)w[i] - (uint64_t)t - borrow;
            w[i] = (uint64_t)d;
            borrow = (uint64_t)(d >> 64) & 1;
        }
        wide d = (wide)w[b_size] - carry - borrow;
        w[b_size] = (uint64_t)d;
        if ((d >> 64) & 1) {
            q -= 1;
            w[b_size] += atoll_words_add(w, w, v, b_size);
        }
        quotient[j] = q;
    }
    atoll_words_shift_right(a, u, b_size, shift);
    for (size_t i = b_size; i < a_size; i++) a[i] = 0;
}

static uint64_t bits_at(const uint64_t *a, size_t size, size_t from) {
    size_t word = from / 64;
    unsigned shift = from % 64;
    uint64_t low = word < size ? a[word] : 0;
    uint64_t high = word + 1 < size ? a[word + 1] : 0;
    return shift ? (low >> shift | high << (64 - shift)) : low;
}

void atoll_words_slice(
    uint64_t *r, size_t limbs, unsigned limb_bits, const uint64_t *a, size_t size, size_t from, size_t width) {
    for (size_t i = 0; i < limbs; i++) {
        size_t begin = i * limb_bits;
        size_t take = begin >= width ? 0 : width - begin < limb_bits ? width - begin : limb_bits;
        uint64_t mask = take == 64 ? UINT64_MAX : ((uint64_t)1 << take) - 1;
        r[i] = bits_at(a, size, from + begin) & mask;
    }
}

void atoll_words_join(uint64_t *r, size_t size, const uint64_t *a, size_t limbs, unsigned limb_bits) {
    memset(r, 0, size * sizeof *r);
    for (size_t i = 0; i < limbs; i++) {
        size_t at = i * limb_bits, word = at / 64;
        unsigned shift = at % 64;
        if (word < size) r[word] |= a[i] << shift;
        if (shift + limb_bits > 64 && word + 1 < size) r[word + 1] |= a[i] >> (64 - shift);
    }
}

void atoll_words_from_bytes(
    uint64_t *words, size_t word_width, const uint8_t *bytes, size_t width, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint64_t *to = words + i * word_width;
        memset(to, 0, word_width * sizeof *to);
        for (size_t b = 0; b < width; b++) to[b / 8] |= (uint64_t)bytes[i * width + b] << (8 * (b % 8));
    }
}

void atoll_bytes_from_words(
    uint8_t *bytes, size_t width, const uint64_t *words, size_t word_width, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (size_t b = 0; b < width; b++) {
            uint64_t word = b / 8 < word_width ? words[i * word_width + b / 8] : 0;
            bytes[i * width + b] = (uint8_t)(word >> (8 * (b % 8)));
        }
    }
}

uint64_t atoll_words_reduce_once(uint64_t *restrict r, uint64_t *top, const uint64_t *n, size_t size) {
    uint64_t less[48];
    uint64_t borrow = atoll_words_subtract(less, r, n, size);
    // Nothing to do when the borrow is not covered by the carry word.
    uint64_t taken = (borrow ^ 1) | ((*top | (0 - *top)) >> 63);
    uint64_t mask = 0 - taken;
    for (size_t i = 0; i < size; i++) r[i] ^= (r[i] ^ less[i]) & mask;
    *top -= borrow & taken;
    return taken;
}
