// The list of curve kernels, and what needs no lanes.
#include <string.h>

#include "Internal/curve.h"

static const atoll_curve *const curves[] = {
#if defined(__x86_64__)
    &atoll_curve_avx512ifma, &atoll_curve_avx2,
#endif
    &atoll_curve_portable, &atoll_curve_ifma_model,
};

const atoll_curve *atoll_curve_named(const char *name) {
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        if (strcmp(curves[i]->name, name) == 0) return curves[i];
    }
    return NULL;
}

int atoll_curve_runs_here(const atoll_curve *curve) { return curve->runs_here(); }

int atoll_curve_lanes(const atoll_curve *curve) { return curve->lanes; }

void atoll_curve_multiply(
    const atoll_curve *curve, uint8_t *out, const uint8_t *scalar, const uint8_t *points, size_t count) {
    curve->multiply(out, scalar, points, count);
}

void atoll_curve_expand(
    const atoll_curve *curve, uint8_t *out, atoll_messages messages, size_t count, const uint8_t *tag,
    size_t tag_size) {
    curve->expand(out, messages, count, tag, tag_size);
}

void atoll_curve_map(const atoll_curve *curve, uint8_t *out, const uint8_t *uniform, size_t count) {
    curve->map(out, uniform, count);
}

void atoll_curve_field(
    const atoll_curve *curve, int operation, uint8_t *r, const uint8_t *a, const uint8_t *b, size_t count) {
    curve->field(operation, r, a, b, count);
}

int atoll_curve_canonical(const uint8_t *points, size_t count) {
    uint32_t all = 1;
    for (size_t i = 0; i < count; i++, points += 32) {
        // The borrow of point - (2^255 - 19): least significant byte 0xed, top byte 0x7f, 0xff between.
        uint32_t borrow = 0;
        for (int b = 0; b < 32; b++) {
            uint32_t limit = b == 0 ? 0xed : b == 31 ? 0x7f : 0xff;
            borrow = ((uint32_t)points[b] - limit - borrow) >> 31;
        }
        all &= borrow;
    }
    return (int)all;
}

int atoll_curve_any_zero(const uint8_t *points, size_t count) {
    uint32_t any = 0;
    for (size_t i = 0; i < count; i++, points += 32) {
        uint32_t bits = 0;
        for (int b = 0; b < 32; b++) bits |= points[b];
        any |= (bits - 1) >> 31;
    }
    return (int)any;
}

// 2^256 = 38 and 2^255 = 19 modulo the prime.
void atoll_curve_reduce48(uint64_t words[4], const uint8_t *bytes) {
    uint64_t w[6];
    for (int i = 0; i < 6; i++) {
        uint64_t word = 0;
        for (int b = 0; b < 8; b++) word = word << 8 | bytes[8 * (5 - i) + b];
        w[i] = word;
    }
    uint64_t carry = 0;
    for (int i = 0; i < 4; i++) {
        unsigned __int128 t = (unsigned __int128)(i < 2 ? w[4 + i] : 0) * 38 + w[i] + carry;
        words[i] = (uint64_t)t;
        carry = (uint64_t)(t >> 64);
    }
    uint64_t top = carry << 1 | words[3] >> 63;  // above 2^255
    words[3] &= UINT64_MAX >> 1;
    carry = 19 * top;
    for (int i = 0; i < 4; i++) {
        unsigned __int128 t = (unsigned __int128)words[i] + carry;
        words[i] = (uint64_t)t;
        carry = (uint64_t)(t >> 64);
    }
    // Once more where the sum reached 2^255.
    top = words[3] >> 63;
    words[3] &= UINT64_MAX >> 1;
    words[0] += 19 * top;  // words are small then
}

static inline uint64_t rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

static inline void sip_round(uint64_t v[4]) {
    v[0] += v[1], v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1], v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

static inline uint64_t word_of(const uint8_t *bytes, size_t size) {
    uint64_t word = 0;
    for (size_t b = 0; b < size; b++) word |= (uint64_t)bytes[b] << (8 * b);
    return word;
}

static uint64_t siphash(uint64_t k0, uint64_t k1, const uint8_t *bytes, size_t size) {
    uint64_t v[4] = {
        k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t word = word_of(bytes + at, 8);
        v[3] ^= word;
        sip_round(v), sip_round(v);
        v[0] ^= word;
    }
    uint64_t last = word_of(bytes + at, size - at) | (uint64_t)size << 56;
    v[3] ^= last;
    sip_round(v), sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void atoll_siphash(uint64_t *out, const uint8_t *key, atoll_messages messages, size_t count) {
    uint64_t k0 = word_of(key, 8), k1 = word_of(key + 8, 8);
    for (size_t i = 0; i < count; i++) {
        uint32_t begin = messages.starts[i];
        out[i] = siphash(k0, k1, messages.bytes + begin, messages.starts[i + 1] - begin);
    }
}

// FIPS 180-4, 4.2.3: the first 64 bits of the fractions of the cube roots of the first 80 primes.
const uint64_t atoll_sha512_constants[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

// FIPS 180-4, 5.3.5: of the square roots of the first 8.
const uint64_t atoll_sha512_start[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
