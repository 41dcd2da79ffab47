// The curve for x86-64 processors with AVX2 and FMA: four points side by side, limbs of 51 bits held in doubles.
//
// A double holds 53 bits, so a fused multiply-add gives either half of a product of two limbs exactly (Emmart, Zheng,
// Weems, "Faster modular exponentiation using double precision floating point arithmetic on the GPU", ARITH 2018):
//   high = a·b + c1,      c1 = 3·2^102: one unit in its last place is 2^51, so the bits of high are those of c1 plus
//                         the integer round(a·b / 2^51), as long as |a·b| < 2^102;
//   low  = a·b + (c2 - high), c2 = c1 + 3·2^51: the rest, between -2^50 and 2^50, above 3·2^51 = 1.5·2^52, where a
//                         unit in the last place is 1, so again the bits are those of a constant plus an integer.
// Columns are summed as 64-bit integers of the bits; the constants leave by each column's start value. Every value is
// an integer far from the ends of the exponents: no step rounds but the one that is meant to, none is slower than
// another. The rounding mode is the ordinary one.
#if defined(__x86_64__)
#include <immintrin.h>

#include "Internal/cpu.h"
#include "Internal/curve.h"

#define KERNEL(name) name##_avx2
#define KERNEL_NAME "avx2"
#define LANES 4

static int runs_here_avx2(void) { return atoll_cpu_has_avx2_fma(); }

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)

// Limbs are signed. Tidy: |limb| <= 2^50 + 2^15; loose, a sum of two tidy ones: |limb| <= 2^51 + 2^16. A product wants
// one factor tidy, a square a tidy one.
typedef struct {
    __m256d l[5];
} FE_avx2;
typedef struct {
    __m256i w[5];
} WIDE_avx2;

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif
#define INLINE_AVX2 static inline __attribute__((always_inline))
#define BITS_LOW 0x4338000000000000u   // of 1.5·2^52
#define BITS_HIGH 0x4668000000000000u  // of c1
// 2^60 keeps a column positive: |column| < 2·5·20·2^50 < 2^58.7 in a sum of two products; 2^50 rounds to nearest.
#define BIAS (((uint64_t)1 << 60) + ((uint64_t)1 << 50))
// What a column of `low` low halves and `high` high halves starts from.
#define START(low, high) (0 - (uint64_t)(low) * BITS_LOW - (uint64_t)(high) * BITS_HIGH)

INLINE_AVX2 __m256i set_avx2(uint64_t word) { return _mm256_set1_epi64x((long long)word); }

#define C1 _mm256_castsi256_pd(set_avx2(BITS_HIGH))
#define C2 _mm256_castsi256_pd(set_avx2(BITS_HIGH + 3))

// columns[0] += low half, columns[1] += high half of a·b
INLINE_AVX2 void add_product_avx2(__m256i *columns, __m256d a, __m256d b) {
    __m256d high = _mm256_fmadd_pd(a, b, C1);
    __m256d low = _mm256_fmadd_pd(a, b, _mm256_sub_pd(C2, high));
    columns[0] = _mm256_add_epi64(columns[0], _mm256_castpd_si256(low));
    columns[1] = _mm256_add_epi64(columns[1], _mm256_castpd_si256(high));
}

// a + 19·b
INLINE_AVX2 __m256i fold_avx2(__m256i a, __m256i b) {
    __m256i twice = _mm256_add_epi64(b, b);
    return _mm256_add_epi64(
        _mm256_add_epi64(a, _mm256_slli_epi64(b, 4)), _mm256_add_epi64(b, twice));
}

INLINE_AVX2 WIDE_avx2 fold_columns_avx2(const __m256i *columns) {
    WIDE_avx2 r;
    UNROLL for (int k = 0; k < 5; k++) r.w[k] = fold_avx2(columns[k], columns[k + 5]);
    return r;
}

INLINE_AVX2 WIDE_avx2 product_avx2(const FE_avx2 *a, const FE_avx2 *b, int biased) {
    const uint64_t bias = biased ? BIAS : 0;
    __m256i columns[10] = {
        set_avx2(START(1, 0) + bias), set_avx2(START(2, 1) + bias), set_avx2(START(3, 2) + bias),
        set_avx2(START(4, 3) + bias), set_avx2(START(5, 4) + bias), set_avx2(START(4, 5)), set_avx2(START(3, 4)),
        set_avx2(START(2, 3)),        set_avx2(START(1, 2)),        set_avx2(START(0, 1)),
    };
    UNROLL for (int i = 0; i < 5; i++) {
        UNROLL for (int j = 0; j < 5; j++) add_product_avx2(columns + i + j, a->l[i], b->l[j]);
    }
    return fold_columns_avx2(columns);
}

INLINE_AVX2 WIDE_avx2 square_avx2(const FE_avx2 *a, int biased) {
    const uint64_t bias = biased ? BIAS : 0;
    __m256i columns[10] = {
        set_avx2(START(1, 0) + bias), set_avx2(START(1, 1) + bias), set_avx2(START(2, 1) + bias),
        set_avx2(START(2, 2) + bias), set_avx2(START(3, 2) + bias), set_avx2(START(2, 3)), set_avx2(START(2, 2)),
        set_avx2(START(1, 2)),        set_avx2(START(1, 1)),        set_avx2(START(0, 1)),
    };
    __m256d twice[5];
    UNROLL for (int i = 1; i < 5; i++) twice[i] = _mm256_add_pd(a->l[i], a->l[i]);
    UNROLL for (int k = 0; k < 9; k++) {
        UNROLL for (int i = k < 5 ? 0 : k - 4; 2 * i < k; i++) add_product_avx2(columns + k, a->l[i], twice[k - i]);
        if (k % 2 == 0) add_product_avx2(columns + k, a->l[k / 2], a->l[k / 2]);
    }
    return fold_columns_avx2(columns);
}

// All carries at once; they are below 2^10 and make a limb no longer than tidy. The columns hold the bias once.
INLINE_AVX2 FE_avx2 carry_avx2(WIDE_avx2 w) {
    const __m256i mask = set_avx2(((uint64_t)1 << 51) - 1), exponent = set_avx2(0x4330000000000000u);
    __m256i carries[5], low[5];
    UNROLL for (int k = 0; k < 5; k++) {
        carries[k] = _mm256_srli_epi64(w.w[k], 51);
        low[k] = _mm256_and_si256(w.w[k], mask);
    }
    FE_avx2 r;
    UNROLL for (int k = 0; k < 5; k++) {
        __m256i carry = k > 0 ? carries[k - 1] : _mm256_mul_epu32(carries[4], set_avx2(19));
        __m256i v = _mm256_or_si256(_mm256_add_epi64(low[k], carry), exponent);  // 2^52 + limb + bias
        double away = 0x1p52 + 0x1p50 + (k > 0 ? 0x1p9 : 19 * 0x1p9);
        r.l[k] = _mm256_sub_pd(_mm256_castsi256_pd(v), _mm256_set1_pd(away));
    }
    return r;
}

INLINE_AVX2 WIDE_avx2 wide_add_avx2(WIDE_avx2 a, WIDE_avx2 b) {
    UNROLL for (int k = 0; k < 5; k++) a.w[k] = _mm256_add_epi64(a.w[k], b.w[k]);
    return a;
}

INLINE_AVX2 WIDE_avx2 wide_subtract_avx2(WIDE_avx2 a, WIDE_avx2 b) {
    UNROLL for (int k = 0; k < 5; k++) a.w[k] = _mm256_sub_epi64(a.w[k], b.w[k]);
    return a;
}

// For |limb| < 2^52: takes the nearest multiple of 2^51 from each limb and gives it to the next.
INLINE_AVX2 FE_avx2 tidy_avx2(FE_avx2 a) {
    const __m256d round = _mm256_set1_pd(0x1.8p103);
    FE_avx2 r;
    __m256d carries[5];
    UNROLL for (int k = 0; k < 5; k++) {
        carries[k] = _mm256_sub_pd(_mm256_add_pd(a.l[k], round), round);
        r.l[k] = _mm256_sub_pd(a.l[k], carries[k]);
    }
    UNROLL for (int k = 0; k < 5; k++) {
        double unit = k > 0 ? 0x1p-51 : 19 * 0x1p-51;
        r.l[k] = _mm256_fmadd_pd(carries[k > 0 ? k - 1 : 4], _mm256_set1_pd(unit), r.l[k]);
    }
    return r;
}

INLINE_AVX2 FE_avx2 add_avx2(FE_avx2 a, FE_avx2 b) {
    UNROLL for (int k = 0; k < 5; k++) a.l[k] = _mm256_add_pd(a.l[k], b.l[k]);
    return a;
}

INLINE_AVX2 FE_avx2 subtract_avx2(FE_avx2 a, FE_avx2 b) {
    UNROLL for (int k = 0; k < 5; k++) a.l[k] = _mm256_sub_pd(a.l[k], b.l[k]);
    return a;
}

// a is tidy, b may be loose; a joins the low halves.
INLINE_AVX2 FE_avx2 ladder_term_avx2(const FE_avx2 *a, const FE_avx2 *b) {
    const __m256d factor = _mm256_set1_pd(121665);
    __m256i columns[6] = {
        set_avx2(START(1, 0) + BIAS), set_avx2(START(1, 1) + BIAS), set_avx2(START(1, 1) + BIAS),
        set_avx2(START(1, 1) + BIAS), set_avx2(START(1, 1) + BIAS), set_avx2(START(0, 1)),
    };
    UNROLL for (int k = 0; k < 5; k++) {
        __m256d high = _mm256_fmadd_pd(b->l[k], factor, C1);
        __m256d low = _mm256_fmadd_pd(b->l[k], factor, _mm256_sub_pd(C2, high));
        low = _mm256_add_pd(low, a->l[k]);
        columns[k] = _mm256_add_epi64(columns[k], _mm256_castpd_si256(low));
        columns[k + 1] = _mm256_add_epi64(columns[k + 1], _mm256_castpd_si256(high));
    }
    WIDE_avx2 w = {{fold_avx2(columns[0], columns[5]), columns[1], columns[2], columns[3], columns[4]}};
    return carry_avx2(w);
}

INLINE_AVX2 void swap_avx2(FE_avx2 *a, FE_avx2 *b, uint64_t mask) {
    const __m256d chosen = _mm256_castsi256_pd(set_avx2(mask));
    UNROLL for (int k = 0; k < 5; k++) {
        __m256d x = a->l[k], y = b->l[k];
        a->l[k] = _mm256_blendv_pd(x, y, chosen);
        b->l[k] = _mm256_blendv_pd(y, x, chosen);
    }
}

INLINE_AVX2 FE_avx2 select_avx2(const uint64_t mask[LANES], FE_avx2 a, FE_avx2 b) {
    const __m256d chosen = _mm256_castsi256_pd(_mm256_loadu_si256((const __m256i *)mask));
    UNROLL for (int k = 0; k < 5; k++) a.l[k] = _mm256_blendv_pd(b.l[k], a.l[k], chosen);
    return a;
}

// With 4p added, so that no limb is negative.
INLINE_AVX2 void to_limbs_avx2(uint64_t limbs[5][LANES], FE_avx2 a) {
    UNROLL for (int k = 0; k < 5; k++) {
        __m256i bits = _mm256_castpd_si256(_mm256_add_pd(a.l[k], _mm256_set1_pd(0x1.8p52)));
        uint64_t p = ((uint64_t)1 << 51) - (k == 0 ? 19 : 1);
        _mm256_storeu_si256((__m256i *)limbs[k], _mm256_add_epi64(bits, set_avx2(4 * p - BITS_LOW)));
    }
}

INLINE_AVX2 FE_avx2 from_limbs_avx2(const uint64_t limbs[5][LANES]) {
    FE_avx2 r;
    UNROLL for (int k = 0; k < 5; k++) {
        __m256i v = _mm256_loadu_si256((const __m256i *)limbs[k]);
        v = _mm256_or_si256(v, set_avx2(0x4330000000000000u));
        r.l[k] = _mm256_sub_pd(_mm256_castsi256_pd(v), _mm256_set1_pd(0x1p52));
    }
    return tidy_avx2(r);
}

#include "Internal/curve.inc"
#include "Internal/curve_hash.inc"
#include "Internal/curve_kernel.inc"

#pragma clang attribute pop
#endif
