// A model of `lanes_avx512.h` in plain C: same sums, same carries, no special processor. For tests; never chosen for speed.
#include <stddef.h>
#include <stdint.h>

#define KERNEL(name) name##_ifma_model
#define KERNEL_NAME "ifma-model"

static int runs_here_ifma_model(void) { return 1; }

typedef struct {
    uint64_t lane[8];
} V;

#define MODEL static inline __attribute__((always_inline)) V
#define EACH(expression)                                  \
    V r;                                                  \
    for (int l = 0; l < 8; l++) r.lane[l] = (expression); \
    return r
static const uint64_t low52 = ((uint64_t)1 << 52) - 1;

MODEL model_set1(uint64_t word) { EACH(word); }
MODEL model_load(const uint64_t *p) { EACH(p[l]); }
MODEL model_add(V a, V b) { EACH(a.lane[l] + b.lane[l]); }
MODEL model_sub(V a, V b) { EACH(a.lane[l] - b.lane[l]); }
MODEL model_and(V a, V b) { EACH(a.lane[l] & b.lane[l]); }
MODEL model_or(V a, V b) { EACH(a.lane[l] | b.lane[l]); }
MODEL model_xor(V a, V b) { EACH(a.lane[l] ^ b.lane[l]); }
MODEL model_andnot(V a, V b) { EACH(~a.lane[l] & b.lane[l]); }
MODEL model_left(V a, int by) { EACH(a.lane[l] << by); }
MODEL model_right(V a, int by) { EACH(a.lane[l] >> by); }
MODEL model_lo(V acc, V x, V y) { EACH(acc.lane[l] + ((x.lane[l] & low52) * (y.lane[l] & low52) & low52)); }
MODEL model_hi(V acc, V x, V y) {
    EACH(acc.lane[l] + (uint64_t)((unsigned __int128)(x.lane[l] & low52) * (y.lane[l] & low52) >> 52));
}

static inline void model_store(uint64_t *p, V v) {
    for (int l = 0; l < 8; l++) p[l] = v.lane[l];
}

#define UNROLL  // a model need not be fast, and unrolled it takes a minute to compile
#define SET1(word) model_set1(word)
#define LOAD(p) model_load(p)
#define STORE(p, v) model_store(p, v)
#define ADD(a, b) model_add(a, b)
#define SUB(a, b) model_sub(a, b)
#define AND(a, b) model_and(a, b)
#define OR(a, b) model_or(a, b)
#define XOR(a, b) model_xor(a, b)
#define ANDNOT(a, b) model_andnot(a, b)
#define SHIFT_LEFT(v, by) model_left(v, by)
#define SHIFT_RIGHT(v, by) model_right(v, by)
#define LO(acc, x, y) model_lo(acc, x, y)
#define HI(acc, x, y) model_hi(acc, x, y)
