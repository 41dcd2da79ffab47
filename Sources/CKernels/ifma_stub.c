#include "Internal/kernel.h"
static int never(void) { return 0; }
const atoll_kernel atoll_kernel_ifma_model = {.name="ifma-model", .limb_bits=52, .limbs_per_512_bits=10, .runs_here=never};
const atoll_kernel atoll_kernel_avx512ifma = {.name="avx512ifma", .limb_bits=52, .limbs_per_512_bits=10, .runs_here=never};
