// What a curve kernel offers.
#ifndef ATOLL_INTERNAL_CURVE_H
#define ATOLL_INTERNAL_CURVE_H

#include "../include/atoll_curve.h"

struct atoll_curve {
    const char *name;
    int lanes;
    int (*runs_here)(void);
    void (*multiply)(uint8_t *out, const uint8_t *scalar, const uint8_t *points, size_t count);
    void (*expand)(uint8_t *out, atoll_messages messages, size_t count, const uint8_t *tag, size_t tag_size);
    void (*map)(uint8_t *out, const uint8_t *uniform, size_t count);
    void (*field)(int operation, uint8_t *r, const uint8_t *a, const uint8_t *b, size_t count);
};

extern const atoll_curve atoll_curve_portable;
extern const atoll_curve atoll_curve_ifma_model;
#if defined(__x86_64__)
extern const atoll_curve atoll_curve_avx2;
extern const atoll_curve atoll_curve_avx512ifma;
#endif

// A number of 48 bytes, most significant first, as four words below 2^255 of a number that is equal modulo 2^255 - 19.
void atoll_curve_reduce48(uint64_t words[4], const uint8_t *bytes);

extern const uint64_t atoll_sha512_constants[80];
extern const uint64_t atoll_sha512_start[8];

#endif
