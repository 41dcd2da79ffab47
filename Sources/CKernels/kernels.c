// The list of kernels, the processor's features, and the constants of a modulus.
#include <stdlib.h>
#include <string.h>

#include "Internal/kernel.h"
#include "include/atoll_memory.h"
#include "include/atoll_words.h"

static const atoll_kernel *const kernels[] = {
#if defined(__x86_64__)
    &atoll_kernel_avx512ifma, &atoll_kernel_mulx,
#endif
    &atoll_kernel_portable, &atoll_kernel_ifma_model,
};

const atoll_kernel *atoll_kernel_named(const char *name) {
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        if (strcmp(kernels[i]->name, name) == 0) return kernels[i];
    }
    return NULL;
}

int atoll_kernel_runs_here(const atoll_kernel *kernel) { return kernel->runs_here(); }

size_t atoll_modulus_limbs(const atoll_modulus *m) { return m->limbs; }

unsigned atoll_modulus_limb_bits(const atoll_modulus *m) { return m->kernel->limb_bits; }

void atoll_modulus_limbs_of(const atoll_modulus *m, uint64_t *limbs, const uint64_t *words, size_t size) {
    atoll_words_slice(limbs, m->limbs, m->kernel->limb_bits, words, size, 0, 64 * size);
}

// -1/n modulo 2^64 by Newton's iteration: five bits are right at first, each step doubles them.
static uint64_t negative_inverse(uint64_t n) {
    uint64_t x = (3 * n) ^ 2;
    for (int i = 0; i < 4; i++) x *= 2 - n * x;
    return 0 - x;
}

// Moduli of up to 1024, 1536, 2048 and 3072 bits have kernels; smaller ones are padded.
static size_t units_of(unsigned bits) { return bits <= 1024 ? 2 : bits <= 1536 ? 3 : bits <= 2048 ? 4 : 6; }

static void set_lift(atoll_modulus *m) {
    size_t r_bits = m->limbs * m->kernel->limb_bits, r_size = r_bits / 64 + 1;
    uint64_t power[ATOLL_MODULUS_MAX_WORDS + 2] = {0}, quotient[ATOLL_MODULUS_MAX_WORDS + 2];
    uint64_t scratch[2 * ATOLL_MODULUS_MAX_WORDS + 4];
    power[r_bits / 64] = (uint64_t)1 << (r_bits % 64);
    atoll_words_divide(quotient, power, r_size, m->n_words, m->words, scratch);
    power[ATOLL_MODULUS_MAX_WORDS] = 0;
    m->kernel->prepare(m, power);
    atoll_wipe(power, sizeof power);
    atoll_wipe(quotient, sizeof quotient);
    atoll_wipe(scratch, sizeof scratch);
}

atoll_modulus *atoll_modulus_create(const atoll_kernel *kernel, const uint64_t *n, size_t words) {
    if (words == 0 || words > ATOLL_MODULUS_MAX_WORDS || n[words - 1] == 0 || (n[0] & 1) == 0) return NULL;
    if (words == 1 && n[0] < 3) return NULL;
    atoll_modulus *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->kernel = kernel;
    m->words = words;
    m->bits = (unsigned)(64 * words) - (unsigned)__builtin_clzll(n[words - 1]);
    m->limbs = units_of(m->bits) * kernel->limbs_per_512_bits;
    size_t size = (2 * m->limbs + 1 + ATOLL_MODULUS_MAX_WORDS) * sizeof(uint64_t);
    m->n = atoll_secret_allocate(size);
    if (!m->n) {
        free(m);
        return NULL;
    }
    m->lift = m->n + m->limbs;
    m->n_words = m->lift + m->limbs + 1;
    memcpy(m->n_words, n, words * sizeof *n);
    atoll_modulus_limbs_of(m, m->n, n, words);
    m->inverse = negative_inverse(n[0]);
    if (kernel->limb_bits < 64) m->inverse &= ((uint64_t)1 << kernel->limb_bits) - 1;
    set_lift(m);
    return m;
}

void atoll_modulus_destroy(atoll_modulus *m) {
    size_t size = (2 * m->limbs + 1 + ATOLL_MODULUS_MAX_WORDS) * sizeof(uint64_t);
    atoll_secret_release(m->n, size);
    atoll_wipe(m, sizeof *m);
    free(m);
}
