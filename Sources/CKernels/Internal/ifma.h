// What both kernels with 52-bit limbs share.
#ifndef ATOLL_INTERNAL_IFMA_H
#define ATOLL_INTERNAL_IFMA_H

#include "kernel.h"

// lift: the smallest multiple of n above 2R, each limb but the lowest having lent one to the limb below it.
void atoll_ifma_prepare(atoll_modulus *m, const uint64_t *r_mod_n);

#endif
