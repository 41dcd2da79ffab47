// The curve's code for AVX-512 IFMA over a model of its instructions. For tests.
#include "Internal/curve.h"
#include "Internal/lanes_model.h"

#include "Internal/curve52.inc"
