// The code of avx512ifma over a model of its instructions in plain C: same sums, same carries, no special processor.
// For tests; a kernel is never chosen for speed here.
#include "Internal/ifma.h"

#define KERNEL(name) name##_ifma_model
#define KERNEL_NAME "ifma-model"

typedef struct {
    uint64_t lane[8];
} V;
typedef uint64_t MASKV __attribute__((vector_size(64)));

#define MODEL static inline __attribute__((always_inline)) V
#define EACH(expression)                                     \
    V r;                                                     \
    for (int l = 0; l < 8; l++) r.lane[l] = (expression);    \
    return r
static const uint64_t low52 = ((uint64_t)1 << 52) - 1;

MODEL model_set1(uint64_t word) { EACH(word); }
MODEL model_load(const uint64_t *p) { EACH(p[l]); }
MODEL model_add(V a, V b) { EACH(a.lane[l] + b.lane[l]); }
MODEL model_sub(V a, V b) { EACH(a.lane[l] - b.lane[l]); }
MODEL model_and(V a, V b) { EACH(a.lane[l] & b.lane[l]); }
MODEL model_andnot(V a, V b) { EACH(~a.lane[l] & b.lane[l]); }
MODEL model_or(V a, V b) { EACH(a.lane[l] | b.lane[l]); }
MODEL model_shift(V a) { EACH(a.lane[l] >> 52); }
MODEL model_sign(V a) { EACH((uint64_t)((int64_t)a.lane[l] >> 52)); }
MODEL model_lo(V acc, V x, V y) { EACH(acc.lane[l] + ((x.lane[l] & low52) * (y.lane[l] & low52) & low52)); }
MODEL model_hi(V acc, V x, V y) {
    EACH(acc.lane[l] + (uint64_t)((unsigned __int128)(x.lane[l] & low52) * (y.lane[l] & low52) >> 52));
}
MODEL model_merge(V a, const MASKV *mask, V b) { EACH((a.lane[l] & ~(*mask)[l]) | (b.lane[l] & (*mask)[l])); }
MODEL model_read_at(const uint64_t *base, V index) { EACH(base[index.lane[l]]); }

static inline void model_store(uint64_t *p, V v) {
    for (int l = 0; l < 8; l++) p[l] = v.lane[l];
}

static inline __attribute__((always_inline)) void model_equal(MASKV *mask, V digits, uint64_t e) {
    for (int l = 0; l < 8; l++) {
        uint64_t d = digits.lane[l] ^ e;
        (*mask)[l] = ((d | (0 - d)) >> 63) - 1;
    }
}

#define UNROLL  // a model need not be fast, and unrolled it takes a minute to compile
#define ZERO model_set1(0)
#define SET1(word) model_set1(word)
#define LOAD(p) model_load(p)
#define STORE(p, v) model_store(p, v)
#define ADD(a, b) model_add(a, b)
#define SUB(a, b) model_sub(a, b)
#define AND(a, b) model_and(a, b)
#define ANDNOT(a, b) model_andnot(a, b)
#define OR(a, b) model_or(a, b)
#define SHIFT(v) model_shift(v)
#define SIGN(v) model_sign(v)
#define LO(acc, x, y) model_lo(acc, x, y)
#define HI(acc, x, y) model_hi(acc, x, y)
#define MASK_EQUAL(digits, e) ({ MASKV equal; model_equal(&equal, digits, e); equal; })
#define MERGE(r, mask, v) model_merge(r, &(mask), v)
#define MERGE1(r, mask, p) model_merge(r, &(mask), model_set1(*(p)))
#define READ_AT(base, index) model_read_at(base, index)

static int runs_here_ifma_model(void) { return 1; }

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
