// Eight lanes of 64 bits as AVX-512 IFMA has them. Where this is included, every function may use the instructions:
// it is called only where `runs_here` said so. The file ends with `#pragma clang attribute pop`.
#include <immintrin.h>

#include "cpu.h"

#define KERNEL(name) name##_avx512ifma
#define KERNEL_NAME "avx512ifma"

static int runs_here_avx512ifma(void) { return atoll_cpu_has_avx512ifma(); }

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512ifma"))), apply_to = function)

typedef __m512i V;

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif
#define SET1(word) _mm512_set1_epi64((long long)(word))
#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, v) _mm512_storeu_si512(p, v)
#define ADD(a, b) _mm512_add_epi64(a, b)
#define SUB(a, b) _mm512_sub_epi64(a, b)
#define AND(a, b) _mm512_and_si512(a, b)
#define OR(a, b) _mm512_or_si512(a, b)
#define XOR(a, b) _mm512_xor_si512(a, b)
#define ANDNOT(a, b) _mm512_andnot_si512(a, b)
#define SHIFT_LEFT(v, by) _mm512_slli_epi64(v, by)
#define SHIFT_RIGHT(v, by) _mm512_srli_epi64(v, by)
#define LO(acc, x, y) _mm512_madd52lo_epu64(acc, x, y)
#define HI(acc, x, y) _mm512_madd52hi_epu64(acc, x, y)
