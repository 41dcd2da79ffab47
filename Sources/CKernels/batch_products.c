#include "Internal/batch.h"

int atoll_indices_within(const int32_t *index, size_t count, int32_t low, int32_t limit) {
    int within = 1;
    for (size_t i = 0; i < count; i++) within &= (index[i] >= low) & (index[i] < limit);
    return within;
}

int atoll_starts_ordered(const int32_t *starts, size_t count, int32_t limit) {
    if (count == 0) return 1;
    int ordered = starts[0] >= 0;
    for (size_t i = 1; i < count; i++) ordered &= starts[i] >= starts[i - 1];
    return ordered & (starts[count - 1] <= limit);
}

void atoll_batch_multiply(
    const atoll_modulus *m, int form, uint64_t *r, const int32_t *r_index, atoll_operand a, atoll_operand b,
    size_t count) {
    atoll_group x, y;
    for (size_t i = 0; i < count; i += ATOLL_LANES) {
        int lanes = atoll_lanes_at(i, count);
        atoll_gather(m, form, x.words, a, i, lanes);
        atoll_gather(m, form, y.words, b, i, lanes);
        m->kernel->multiply(m, form, x.words, x.words, y.words, lanes);
        atoll_scatter(m, form, x.words, r, r_index, i, lanes);
    }
}

void atoll_batch_square(
    const atoll_modulus *m, int form, uint64_t *r, atoll_operand a, size_t count, size_t times) {
    atoll_group x;
    for (size_t i = 0; i < count; i += ATOLL_LANES) {
        int lanes = atoll_lanes_at(i, count);
        atoll_gather(m, form, x.words, a, i, lanes);
        for (size_t t = 0; t < times; t++) m->kernel->square(m, form, x.words, x.words, lanes);
        atoll_scatter(m, form, x.words, r, NULL, i, lanes);
    }
}

// Eight segments side by side. A lane whose segment ends stores its product and takes the next segment; when none
// is left the last lane in use moves into its place, so the lanes in use are always the first ones.
typedef struct {
    int32_t at[ATOLL_LANES], end[ATOLL_LANES], target[ATOLL_LANES];
    int lanes;
    size_t next;
} walk;

static size_t next_filled(const int32_t *starts, size_t from, size_t segments) {
    while (from < segments && starts[from] == starts[from + 1]) from++;
    return from;
}

void atoll_batch_accumulate(
    const atoll_modulus *m, int form, uint64_t *r, const int32_t *targets, const uint64_t *rows, size_t stride,
    const int32_t *indices, const int32_t *starts, size_t segments) {
    const atoll_kernel *kernel = m->kernel;
    size_t element = (size_t)form * m->limbs;
    atoll_group product, row;
    _Alignas(64) uint64_t moved[2 * ATOLL_MAX_LIMBS];
    walk w = {.lanes = 0, .next = next_filled(starts, 0, segments)};
    for (;;) {
        while (w.lanes < ATOLL_LANES && w.next < segments) {
            int lane = w.lanes++;
            w.at[lane] = starts[w.next];
            w.end[lane] = starts[w.next + 1];
            w.target[lane] = targets[w.next];
            kernel->insert(m, form, product.words, r + element * (size_t)w.target[lane], lane);
            w.next = next_filled(starts, w.next + 1, segments);
        }
        if (w.lanes == 0) return;
        int32_t index[ATOLL_LANES];
        for (int lane = 0; lane < w.lanes; lane++) index[lane] = indices[w.at[lane]++];
        kernel->gather(m, form, row.words, rows, stride, index, w.lanes);
        kernel->multiply(m, form, product.words, product.words, row.words, w.lanes);
        for (int lane = w.lanes - 1; lane >= 0; lane--) {
            if (w.at[lane] < w.end[lane]) continue;
            kernel->extract(m, form, product.words, r + element * (size_t)w.target[lane], lane);
            int last = --w.lanes;
            if (lane == last) continue;
            kernel->extract(m, form, product.words, moved, last);
            kernel->insert(m, form, product.words, moved, lane);
            w.at[lane] = w.at[last];
            w.end[lane] = w.end[last];
            w.target[lane] = w.target[last];
        }
    }
}
