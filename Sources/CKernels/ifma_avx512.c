// The kernel for x86-64 processors with AVX-512 IFMA: VPMADD52LUQ and VPMADD52HUQ on 512-bit vectors.
#if defined(__x86_64__)
#include "Internal/cpu.h"
#include "Internal/ifma.h"

#include <immintrin.h>

#define KERNEL(name) name##_avx512ifma
#define KERNEL_NAME "avx512ifma"

static int runs_here_avx512ifma(void) { return atoll_cpu_has_avx512ifma(); }

// Every function from here on may use the instructions; it is called only where `runs_here` said so.
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512ifma"))), apply_to = function)

typedef __m512i V;
typedef __mmask8 MASKV;

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif
#define ZERO _mm512_setzero_si512()
#define SET1(word) _mm512_set1_epi64((long long)(word))
#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, v) _mm512_storeu_si512(p, v)
#define ADD(a, b) _mm512_add_epi64(a, b)
#define SUB(a, b) _mm512_sub_epi64(a, b)
#define AND(a, b) _mm512_and_si512(a, b)
#define ANDNOT(a, b) _mm512_andnot_si512(a, b)
#define OR(a, b) _mm512_or_si512(a, b)
#define SHIFT(v) _mm512_srli_epi64(v, 52)
#define SIGN(v) _mm512_srai_epi64(v, 52)
#define LO(acc, x, y) _mm512_madd52lo_epu64(acc, x, y)
#define HI(acc, x, y) _mm512_madd52hi_epu64(acc, x, y)
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
