// What a kernel offers to the batch operations. A group is eight residues side by side in the kernel's own layout:
// 8 · form · limbs words, aligned to 64 bytes. `lanes` (1 ... 8) says how many are in use; the others may hold anything.
#ifndef ATOLL_INTERNAL_KERNEL_H
#define ATOLL_INTERNAL_KERNEL_H

#include "../include/atoll_kernel.h"

enum { ATOLL_LANES = 8, ATOLL_MAX_LIMBS = 60, ATOLL_MAX_TERMS = 8 };
enum { ATOLL_MAX_GROUP = 2 * ATOLL_MAX_LIMBS * ATOLL_LANES };

struct atoll_modulus {
    const atoll_kernel *kernel;
    size_t limbs;
    size_t words;       // of n
    unsigned bits;      // of n
    uint64_t inverse;   // -1/n modulo 2^limb_bits
    uint64_t *n;        // limbs
    uint64_t *lift;     // a multiple of n from which any quotient can be taken; form depends on the kernel
    uint64_t *n_words;  // n as words
};

struct atoll_kernel {
    const char *name;
    unsigned limb_bits;
    unsigned limbs_per_512_bits;
    int (*runs_here)(void);

    // Fills `lift` (limbs + 1 words) from n; `r_mod_n` is R mod n as words, ATOLL_MODULUS_MAX_WORDS of them.
    void (*prepare)(atoll_modulus *m, const uint64_t *r_mod_n);

    // Elements lie contiguous (form · limbs words) at base + stride · index[lane], stride in words.
    void (*gather)(const atoll_modulus *m, int form, uint64_t *group, const uint64_t *base, size_t stride,
        const int32_t *index, int lanes);
    void (*scatter)(const atoll_modulus *m, int form, const uint64_t *group, uint64_t *base, size_t stride,
        const int32_t *index, int lanes);

    // One lane of a group from or to an element.
    void (*insert)(const atoll_modulus *m, int form, uint64_t *group, const uint64_t *element, int lane);
    void (*extract)(const atoll_modulus *m, int form, const uint64_t *group, uint64_t *element, int lane);

    // r = a·b, r = a·a in Montgomery form. r may be a or b.
    void (*multiply)(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *a, const uint64_t *b, int lanes);
    void (*square)(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *a, int lanes);

    // r = Σ digits_t · weights_t / R. Digits are groups of form 1 holding numbers below 2^bits(n); weights are single
    // elements of the form, halves below n, shared by all lanes.
    void (*sum)(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *weights, const uint64_t *digits,
        int terms, int lanes);

    // Pair only: r = (x0, x1 + t·x0 / R) with t of form 1. r may be x.
    void (*one_plus)(const atoll_modulus *m, uint64_t *r, const uint64_t *x, const uint64_t *t, int lanes);

    // Makes halves unique after a product by the number one: x0 and x1 in [0, n). r may be a.
    void (*canonical)(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *a, int lanes);

    // r = table[digit[lane]] lane by lane from `entries` groups. Reads every entry when `masked`.
    void (*pick)(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *table, int entries,
        const uint32_t *digit, int masked, int lanes);

    // r = table[digit[lane]] from `entries` contiguous elements, reading every one of them.
    void (*scan)(const atoll_modulus *m, int form, uint64_t *r, const uint64_t *table, int entries,
        const uint32_t *digit, int lanes);
};

extern const atoll_kernel atoll_kernel_portable;
extern const atoll_kernel atoll_kernel_ifma_model;
#if defined(__x86_64__)
extern const atoll_kernel atoll_kernel_mulx;
extern const atoll_kernel atoll_kernel_avx512ifma;
#endif

// Words of a group of this form.
static inline size_t atoll_group_words(const atoll_modulus *m, int form) {
    return (size_t)form * m->limbs * ATOLL_LANES;
}

#endif
