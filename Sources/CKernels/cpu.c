#if defined(__x86_64__)
#include "Internal/cpu.h"

#include <cpuid.h>
#include <stdint.h>

// Register states that the system saves: XMM, YMM, opmask, upper ZMM, high ZMM.
static int saves_zmm(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return 0;
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & 0xe6) == 0xe6;
}

static uint32_t leaf7_ebx(void) {
    uint32_t a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) ? b : 0;
}

int atoll_cpu_has_mulx_adx(void) {
    const uint32_t bmi2 = 1u << 8, adx = 1u << 19;
    return (leaf7_ebx() & (bmi2 | adx)) == (bmi2 | adx);
}

// AVX2 and BMI2, FMA, and a system that saves YMM.
int atoll_cpu_has_avx2_fma(void) {
    const uint32_t both = 1u << 5 | 1u << 8, fma = 1u << 12;
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & fma) || !(c & bit_OSXSAVE)) return 0;
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & 6) == 6 && (leaf7_ebx() & both) == both;
}

int atoll_cpu_has_avx512ifma(void) {
    const uint32_t f = 1u << 16, dq = 1u << 17, ifma = 1u << 21, vl = 1u << 31;
    const uint32_t all = f | dq | ifma | vl;
    return (leaf7_ebx() & all) == all && saves_zmm();
}
#endif
