#include "CIFMARate.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Twenty-four independent sums keep both units busy whatever the latency of one instruction.
__attribute__((target("avx512f,avx512ifma"), noinline)) static __m512i chain(long rounds, __m512i x, __m512i y) {
    __m512i sums[24];
    for (int i = 0; i < 24; i++) sums[i] = _mm512_set1_epi64(i);
    for (long round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < 12; i++) sums[i] = _mm512_madd52lo_epu64(sums[i], x, y);
#pragma clang loop unroll(full)
        for (int i = 12; i < 24; i++) sums[i] = _mm512_madd52hi_epu64(sums[i], x, y);
    }
    for (int i = 1; i < 24; i++) sums[0] = _mm512_add_epi64(sums[0], sums[i]);
    return sums[0];
}

__attribute__((target("avx512f,avx512ifma"), noinline)) static double measure(void) {
    const long rounds = 400000;
    volatile uint64_t sink;
    double best = 1e9;
    for (int run = 0; run < 10; run++) {
        double start = now();
        __m512i sum = chain(rounds, _mm512_set1_epi64(3), _mm512_set1_epi64(5));
        sink = (uint64_t)_mm512_reduce_add_epi64(sum);
        double took = now() - start;
        if (took < best) best = took;
    }
    (void)sink;
    return 24.0 * (double)rounds / best;
}

double atoll_ifma_rate(void) {
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512ifma")) return 0;
    return measure();
}
#else
double atoll_ifma_rate(void) { return 0; }
#endif
