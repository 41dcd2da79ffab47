// Kernels of Atoll in C. Everything here works on memory that the caller owns; nothing is global but the
// processor's features. Words are 64-bit limbs, least significant first.
#ifndef ATOLL_CKERNELS_H
#define ATOLL_CKERNELS_H

#include "atoll_batch.h"
#include "atoll_curve.h"
#include "atoll_kernel.h"
#include "atoll_memory.h"
#include "atoll_words.h"

#endif
