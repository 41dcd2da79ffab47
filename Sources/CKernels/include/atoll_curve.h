// Curve25519 over many points at once: field 2^255 - 19, the Montgomery curve y² = x³ + 486662·x² + x, x-coordinates.
// Points and field elements are 32 bytes, least significant first. Every call is thread safe on disjoint destinations;
// sizes are the caller's duty. The time depends on counts and lengths only, never on scalars, points or the bytes of
// messages.
#ifndef ATOLL_CURVE_H
#define ATOLL_CURVE_H

#include <stddef.h>
#include <stdint.h>

#include "atoll_nullability.h"

typedef struct atoll_curve atoll_curve;

// The kernel of that name, or null: "avx512ifma", "avx2", "portable", "ifma-model".
const atoll_curve *_Nullable atoll_curve_named(const char *_Nonnull name);

// 1 when this processor and system can run it.
int atoll_curve_runs_here(const atoll_curve *_Nonnull curve);

// Points that the kernel computes side by side: 8, 4 or 1.
int atoll_curve_lanes(const atoll_curve *_Nonnull curve);

// out[i] = X25519(scalar, points[i]) of RFC 7748: the scalar is clamped, the top bit of a point ignored, coordinates
// above 2^255 - 20 reduced, points of the twist multiplied like others. All zero where the point has small order.
void atoll_curve_multiply(
    const atoll_curve *_Nonnull curve, uint8_t *_Nonnull out, const uint8_t *_Nonnull scalar,
    const uint8_t *_Nonnull points, size_t count);

// Messages flat in `bytes`; message i is the bytes from starts[i] to starts[i + 1].
typedef struct {
    const uint8_t *_Nonnull bytes;
    const uint32_t *_Nonnull starts;
} atoll_messages;

enum { ATOLL_CURVE_UNIFORM_BYTES = 96, ATOLL_CURVE_TAG_MAX = 255 };

// out[i] = expand_message_xmd(message i, tag, 96) with SHA-512: RFC 9380, 5.3.1. `tag` (the DST) has 1 to 255 bytes.
void atoll_curve_expand(
    const atoll_curve *_Nonnull curve, uint8_t *_Nonnull out, atoll_messages messages, size_t count,
    const uint8_t *_Nonnull tag, size_t tag_size);

// out[i] = x-coordinate of what hash_to_curve of the suite curve25519_XMD:SHA-512_ELL2_RO_ makes of 96 uniform bytes:
// two field elements, Elligator 2 on each, the sum, times 8 (RFC 9380, 3 and 6.7.1). Zero where that is the identity.
void atoll_curve_map(
    const atoll_curve *_Nonnull curve, uint8_t *_Nonnull out, const uint8_t *_Nonnull uniform, size_t count);

// 1 when every coordinate is below 2^255 - 19, as honest parties write it. Constant time per point.
int atoll_curve_canonical(const uint8_t *_Nonnull points, size_t count);

// 1 when some point is all zero.
int atoll_curve_any_zero(const uint8_t *_Nonnull points, size_t count);

// Test hook: r[i] = a[i] op b[i] in the field, canonical; operands are any 255 bits (the top bit is ignored).
enum {
    ATOLL_FIELD_MULTIPLY = 0,
    ATOLL_FIELD_SQUARE = 1,
    ATOLL_FIELD_ADD = 2,
    ATOLL_FIELD_SUBTRACT = 3,
    ATOLL_FIELD_INVERT = 4,       // zero for zero
    ATOLL_FIELD_LADDER_TERM = 5,  // a + 121665·b
    ATOLL_FIELD_SUM_SQUARED = 6,  // (a + b)², as the ladder forms it
    ATOLL_FIELD_DIFFERENCE_BY = 7 // (a - b)·a, the first factor not carried
};
void atoll_curve_field(
    const atoll_curve *_Nonnull curve, int operation, uint8_t *_Nonnull r, const uint8_t *_Nonnull a,
    const uint8_t *_Nonnull b, size_t count);

// out[i] = SipHash-2-4 of message i under 16 bytes of key (Aumasson, Bernstein 2012).
void atoll_siphash(
    uint64_t *_Nonnull out, const uint8_t *_Nonnull key, atoll_messages messages, size_t count);

#endif
