// The code of avx512ifma over a model of its instructions in plain C: same sums, same carries, no special processor.
// For tests; a kernel is never chosen for speed here.
#include "Internal/ifma.h"

#include "Internal/lanes_model.h"

typedef uint64_t MASKV __attribute__((vector_size(64)));

MODEL model_sign(V a) { EACH((uint64_t)((int64_t)a.lane[l] >> 52)); }
MODEL model_merge(V a, const MASKV *mask, V b) { EACH((a.lane[l] & ~(*mask)[l]) | (b.lane[l] & (*mask)[l])); }
MODEL model_read_at(const uint64_t *base, V index) { EACH(base[index.lane[l]]); }

static inline __attribute__((always_inline)) void model_equal(MASKV *mask, V digits, uint64_t e) {
    for (int l = 0; l < 8; l++) {
        uint64_t d = digits.lane[l] ^ e;
        (*mask)[l] = ((d | (0 - d)) >> 63) - 1;
    }
}

#define ZERO model_set1(0)
#define SHIFT(v) SHIFT_RIGHT(v, 52)
#define SIGN(v) model_sign(v)
#define MASK_EQUAL(digits, e) ({ MASKV equal; model_equal(&equal, digits, e); equal; })
#define MERGE(r, mask, v) model_merge(r, &(mask), v)
#define MERGE1(r, mask, p) model_merge(r, &(mask), model_set1(*(p)))
#define READ_AT(base, index) model_read_at(base, index)

static void in_block_ifma_model(uint64_t *group, const uint64_t *const row[8], int words) {
    for (int i = 0; i < words; i++) {
        for (int lane = 0; lane < 8; lane++) group[8 * i + lane] = row[lane][i];
    }
}

static void out_block_ifma_model(uint64_t *const row[8], const uint64_t *group, int words, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
        for (int i = 0; i < words; i++) row[lane][i] = group[8 * i + lane];
    }
}

#include "Internal/ifma.inc"
