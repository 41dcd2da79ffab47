// Kernels and moduli. A kernel is one way to compute; all ways give the same values. A modulus belongs to one kernel.
//
// Residues are held in Montgomery form (value times R), in two shapes:
//   form 1, plain: one half, modulo n;
//   form 2, pair:  two halves (x0, x1) for x0 + n·x1 modulo n².
// A half is `limbs` limbs of `limb_bits` bits, one 64-bit word each. Kernels with 64-bit limbs keep every half below n
// and R = 2^(64·limbs) > n. Kernels with 52-bit limbs keep halves below 2n and R = 2^(52·limbs) >= 16n.
// In both, residues are not unique as numbers until they leave (atoll_batch.h).
#ifndef ATOLL_KERNEL_H
#define ATOLL_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "atoll_nullability.h"

typedef struct atoll_kernel atoll_kernel;
typedef struct atoll_modulus atoll_modulus;

// The kernel of that name, or null: "avx512ifma", "mulx", "portable", "ifma-model".
const atoll_kernel *_Nullable atoll_kernel_named(const char *_Nonnull name);

// 1 when this processor and system can run it.
int atoll_kernel_runs_here(const atoll_kernel *_Nonnull kernel);

// Largest modulus in bits that the kernels take: 3072.
enum { ATOLL_MODULUS_MAX_BITS = 3072, ATOLL_MODULUS_MAX_WORDS = 48 };

// Constants for an odd n of at most 3072 bits, 3 at least; `words` counts n's words and the top one is not zero.
// Null when n is unsuitable or memory is out. The copy of n is wiped when destroyed.
atoll_modulus *_Nullable atoll_modulus_create(
    const atoll_kernel *_Nonnull kernel, const uint64_t *_Nonnull n, size_t words);
void atoll_modulus_destroy(atoll_modulus *_Nonnull modulus);

// Limbs of one half: 16, 24, 32, 48 of 64 bits or 20, 30, 40, 60 of 52 bits.
size_t atoll_modulus_limbs(const atoll_modulus *_Nonnull modulus);
unsigned atoll_modulus_limb_bits(const atoll_modulus *_Nonnull modulus);

// Writes a number below R as limbs of this modulus's kernel; `size` words of input, any amount.
void atoll_modulus_limbs_of(
    const atoll_modulus *_Nonnull modulus, uint64_t *_Nonnull limbs, const uint64_t *_Nonnull words, size_t size);

#endif
