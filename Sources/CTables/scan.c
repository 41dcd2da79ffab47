#include "CTables.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// One bit per byte of a block of 64.
typedef struct {
    uint64_t delimiter, quote, line, nul, high;
} masks;

#if defined(__SSE2__)

static inline masks classify(const uint8_t *bytes, uint8_t delimiter) {
    masks found = {0, 0, 0, 0, 0};
    const __m128i d = _mm_set1_epi8((char)delimiter), q = _mm_set1_epi8('"');
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r'), zero = _mm_setzero_si128();
    for (int part = 0; part < 4; part++) {
        const __m128i v = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
        const int shift = 16 * part;
        found.delimiter |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, d)) << shift;
        found.quote |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, q)) << shift;
        const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr));
        found.line |= (uint64_t)(uint32_t)_mm_movemask_epi8(ends) << shift;
        found.nul |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, zero)) << shift;
        found.high |= (uint64_t)(uint32_t)_mm_movemask_epi8(v) << shift;
    }
    return found;
}

#elif defined(__aarch64__)

// One bit per byte of four vectors of zeros and ones-all.
static inline uint64_t bits(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
    const uint8x16_t weight = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t ab = vpaddq_u8(vandq_u8(a, weight), vandq_u8(b, weight));
    uint8x16_t cd = vpaddq_u8(vandq_u8(c, weight), vandq_u8(d, weight));
    uint8x16_t all = vpaddq_u8(vpaddq_u8(ab, cd), vdupq_n_u8(0));
    return vgetq_lane_u64(vreinterpretq_u64_u8(all), 0);
}

static inline masks classify(const uint8_t *bytes, uint8_t delimiter) {
    uint8x16_t v[4], lines[4];
    for (int part = 0; part < 4; part++) {
        v[part] = vld1q_u8(bytes + 16 * part);
        lines[part] = vorrq_u8(vceqq_u8(v[part], vdupq_n_u8('\n')), vceqq_u8(v[part], vdupq_n_u8('\r')));
    }
#define EQUAL(byte)                                                                                                    \
    bits(vceqq_u8(v[0], vdupq_n_u8(byte)), vceqq_u8(v[1], vdupq_n_u8(byte)), vceqq_u8(v[2], vdupq_n_u8(byte)),         \
         vceqq_u8(v[3], vdupq_n_u8(byte)))
    const uint8x16_t top = vdupq_n_u8(0x80);
    masks found = {EQUAL(delimiter), EQUAL('"'), bits(lines[0], lines[1], lines[2], lines[3]), EQUAL(0),
                   bits(vcgeq_u8(v[0], top), vcgeq_u8(v[1], top), vcgeq_u8(v[2], top), vcgeq_u8(v[3], top))};
#undef EQUAL
    return found;
}

#else

static inline masks classify(const uint8_t *bytes, uint8_t delimiter) {
    masks found = {0, 0, 0, 0, 0};
    for (int i = 0; i < 64; i++) {
        const uint8_t byte = bytes[i];
        const uint64_t bit = 1ull << i;
        if (byte == delimiter) found.delimiter |= bit;
        if (byte == '"') found.quote |= bit;
        if (byte == '\n' || byte == '\r') found.line |= bit;
        if (byte == 0) found.nul |= bit;
        if (byte & 0x80) found.high |= bit;
    }
    return found;
}

#endif

// Bit i of the result is the exclusive or of bits 0 to i.
static inline uint64_t prefix_xor(uint64_t x) {
    x ^= x << 1;
    x ^= x << 2;
    x ^= x << 4;
    x ^= x << 8;
    x ^= x << 16;
    x ^= x << 32;
    return x;
}

static inline size_t take(masks found, uint64_t valid, uint32_t base, ct_scan *state, uint32_t *out) {
    uint64_t inside = state->quoted;
    found.quote &= valid;
    if (found.quote) {
        inside ^= prefix_xor(found.quote);
        // The state of the last valid byte; a block is full or the last of its piece.
        const int last = 63 - __builtin_clzll(valid);
        state->quoted = (inside >> last & 1) ? ~0ull : 0;
        state->seen |= CT_SEEN_QUOTE;
    }
    if (found.nul & valid) state->seen |= CT_SEEN_NUL;
    if (found.high & valid) state->seen |= CT_SEEN_HIGH;
    uint64_t ends = (found.delimiter | found.line) & valid & ~inside;
    size_t count = 0;
    while (ends) {
        const int bit = __builtin_ctzll(ends);
        out[count++] = (base + (uint32_t)bit) | ((uint32_t)(found.line >> bit & 1) << 31);
        ends &= ends - 1;
    }
    return count;
}

size_t ct_scan_csv(const uint8_t *bytes, size_t count, uint32_t base, uint8_t delimiter, ct_scan *state,
                   uint32_t *out) {
    size_t written = 0, at = 0;
    for (; at + 64 <= count; at += 64)
        written += take(classify(bytes + at, delimiter), ~0ull, base + (uint32_t)at, state, out + written);
    if (at < count) {
        uint8_t last[64];
        memset(last, 'x', sizeof last);
        memcpy(last, bytes + at, count - at);
        const uint64_t valid = (1ull << (count - at)) - 1;
        written += take(classify(last, delimiter), valid, base + (uint32_t)at, state, out + written);
    }
    return written;
}

size_t ct_utf8_valid(const uint8_t *bytes, size_t count) {
    size_t i = 0;
    while (i < count) {
        const uint8_t a = bytes[i];
        if (a < 0x80) {
            uint64_t eight;
            if (count - i >= 8 && (memcpy(&eight, bytes + i, 8), (eight & 0x8080808080808080ull) == 0)) i += 8;
            else i += 1;
            continue;
        }
        const size_t left = count - i;
        if (a < 0xC2 || a > 0xF4) return i;
        const size_t length = a < 0xE0 ? 2 : a < 0xF0 ? 3 : 4;
        if (left < length) return i;
        const uint8_t b = bytes[i + 1];
        // Bounds of the second byte rule out overlong forms, surrogates and what lies above U+10FFFF.
        const uint8_t low = a == 0xE0 ? 0xA0 : a == 0xF0 ? 0x90 : 0x80;
        const uint8_t high = a == 0xED ? 0x9F : a == 0xF4 ? 0x8F : 0xBF;
        if (b < low || b > high) return i;
        for (size_t k = 2; k < length; k++)
            if ((bytes[i + k] & 0xC0) != 0x80) return i;
        i += length;
    }
    return count;
}
