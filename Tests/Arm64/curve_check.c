// Holds a curve kernel against the portable one over edges and pseudo-random input, in every number of points around
// its lanes, and the portable one against RFC 7748.
#include "curve_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

enum { POINTS = 83 };

static uint64_t state = 7;

static uint8_t next_byte(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint8_t)(state >> 56);
}

static void fill(uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) bytes[i] = next_byte();
}

static void unhex(uint8_t *bytes, const char *text) {
    for (int i = 0; i < 32; i++) {
        unsigned value;
        if (sscanf(text + 2 * i, "%2x", &value) != 1) abort();
        bytes[i] = (uint8_t)value;
    }
}

static int failed(const char *kernel, const char *what) {
    fprintf(stderr, "%s: curve: %s differs\n", kernel, what);
    return 1;
}

int curve_check(const char *name) {
    const atoll_curve *kernel = atoll_curve_named(name), *reference = atoll_curve_named("portable");
    if (!kernel || !atoll_curve_runs_here(kernel)) return 0;

    static uint8_t a[32 * POINTS], b[32 * POINTS], uniform[96 * POINTS], ours[96 * POINTS], theirs[96 * POINTS];
    uint8_t scalar[32], point[32], product[32];
    unhex(scalar, "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    unhex(point, "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
    unhex(product, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    atoll_curve_multiply(kernel, ours, scalar, point, 1);
    if (memcmp(ours, product, 32) != 0) return failed(name, "the product of RFC 7748");

    fill(a, sizeof a), fill(b, sizeof b), fill(uniform, sizeof uniform), fill(scalar, sizeof scalar);
    // Zero, one, all ones, p and its neighbours, limbs of ones.
    memset(a, 0, 4 * 32), memset(a + 2 * 32, 0xff, 2 * 32);
    a[32] = 1, a[3 * 32] = 0xed, a[3 * 32 + 31] = 0x7f;
    memcpy(b, a + 32, 3 * 32), memset(b + 4 * 32, 0xff, 32);
    for (int operation = ATOLL_FIELD_MULTIPLY; operation <= ATOLL_FIELD_DIFFERENCE_BY; operation++) {
        atoll_curve_field(kernel, operation, ours, a, b, POINTS);
        atoll_curve_field(reference, operation, theirs, a, b, POINTS);
        if (memcmp(ours, theirs, sizeof a) != 0) return failed(name, "a field operation");
    }
    for (size_t count = 0; count <= POINTS; count = count < 20 ? count + 1 : count + 63) {
        atoll_curve_multiply(kernel, ours, scalar, a, count);
        atoll_curve_multiply(reference, theirs, scalar, a, count);
        if (memcmp(ours, theirs, 32 * count) != 0) return failed(name, "a product");
    }
    atoll_curve_map(kernel, ours, uniform, POINTS);
    atoll_curve_map(reference, theirs, uniform, POINTS);
    if (memcmp(ours, theirs, sizeof a) != 0) return failed(name, "a mapped point");
    uint32_t starts[POINTS + 1];
    for (uint32_t i = 0; i <= POINTS; i++) starts[i] = i * (i + 1) / 2;  // lengths 1, 2, 3, …
    atoll_messages messages = {uniform, starts};
    atoll_curve_expand(kernel, ours, messages, POINTS, b, 45);
    atoll_curve_expand(reference, theirs, messages, POINTS, b, 45);
    if (memcmp(ours, theirs, sizeof ours) != 0) return failed(name, "an expanded message");
    printf("%s: curve right\n", name);
    return 0;
}
