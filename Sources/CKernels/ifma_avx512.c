// The kernel for x86-64 processors with AVX-512 IFMA: VPMADD52LUQ and VPMADD52HUQ on 512-bit vectors.
#if defined(__x86_64__)
#include "Internal/ifma.h"
#include "Internal/lanes_avx512.h"

typedef __mmask8 MASKV;

#define ZERO _mm512_setzero_si512()
#define SHIFT(v) SHIFT_RIGHT(v, 52)
#define SIGN(v) _mm512_srai_epi64(v, 52)
#define MASK_EQUAL(digits, e) _mm512_cmpeq_epi64_mask(digits, SET1(e))
#define MERGE(r, mask, v) _mm512_mask_mov_epi64(r, mask, v)
#define MERGE1(r, mask, p) _mm512_mask_broadcastq_epi64(r, mask, _mm_loadl_epi64((const __m128i *)(p)))
#define READ_AT(base, index) _mm512_i64gather_epi64(index, base, 8)

// Columns of eight rows of eight words: pairs of words, then pairs of 128-bit quarters, then quarters.
static inline __attribute__((always_inline)) void transpose_avx512ifma(V *v) {
    V a[4], b[4];
    for (int i = 0; i < 4; i++) {
        a[i] = _mm512_unpacklo_epi64(v[2 * i], v[2 * i + 1]);
        b[i] = _mm512_unpackhi_epi64(v[2 * i], v[2 * i + 1]);
    }
    for (int odd = 0; odd < 2; odd++) {
        const V *c = odd ? b : a;
        V low = _mm512_shuffle_i64x2(c[0], c[1], 0x88), high = _mm512_shuffle_i64x2(c[2], c[3], 0x88);
        v[odd] = _mm512_shuffle_i64x2(low, high, 0x88);
        v[4 + odd] = _mm512_shuffle_i64x2(low, high, 0xdd);
        low = _mm512_shuffle_i64x2(c[0], c[1], 0xdd);
        high = _mm512_shuffle_i64x2(c[2], c[3], 0xdd);
        v[2 + odd] = _mm512_shuffle_i64x2(low, high, 0x88);
        v[6 + odd] = _mm512_shuffle_i64x2(low, high, 0xdd);
    }
}

static void in_block_avx512ifma(uint64_t *group, const uint64_t *const row[8], int words) {
    V v[8];
    if (words == 8) {
        for (int lane = 0; lane < 8; lane++) v[lane] = LOAD(row[lane]);
        transpose_avx512ifma(v);
        for (int i = 0; i < 8; i++) STORE(group + 8 * i, v[i]);
        return;
    }
    MASKV present = (MASKV)((1u << words) - 1);
    for (int lane = 0; lane < 8; lane++) v[lane] = _mm512_maskz_loadu_epi64(present, row[lane]);
    transpose_avx512ifma(v);
    for (int i = 0; i < words; i++) STORE(group + 8 * i, v[i]);
}

static void out_block_avx512ifma(uint64_t *const row[8], const uint64_t *group, int words, int lanes) {
    V v[8];
    for (int i = 0; i < 8; i++) v[i] = i < words ? LOAD(group + 8 * i) : ZERO;
    transpose_avx512ifma(v);
    MASKV present = (MASKV)((1u << words) - 1);
    for (int lane = 0; lane < lanes; lane++) _mm512_mask_storeu_epi64(row[lane], present, v[lane]);
}

#include "Internal/ifma.inc"

#pragma clang attribute pop
#endif
