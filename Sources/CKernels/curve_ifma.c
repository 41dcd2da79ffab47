// The curve for x86-64 processors with AVX-512 IFMA: eight points side by side.
#if defined(__x86_64__)
#include "Internal/curve.h"
#include "Internal/lanes_avx512.h"

#include "Internal/curve52.inc"

#pragma clang attribute pop
#endif
