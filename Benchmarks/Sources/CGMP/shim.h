// GMP is measured beside our kernels, in this package only; the product does not use it.
#include <gmp.h>
