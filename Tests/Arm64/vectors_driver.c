// Runs the C kernels over Tests/Vectors/arithmetic.json without Swift: for processors that are only emulated and for
// sanitizers.
//
//     vectors_driver FILE [KERNEL ...]     all kernels of the machine unless named; exit 1 on the first difference
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "curve_check.h"
#include "vectors_file.h"

enum { VALUE_WORDS = 2 * ATOLL_MODULUS_MAX_WORDS, ROOM = 512, TERMS = 8 };

static const char *current_kernel, *current_case;

static void expect(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "%s: %s: %s differs\n", current_kernel, current_case, what);
    exit(1);
}

// x mod m, both in ROOM words.
static void reduce(uint64_t *x, const uint64_t *m) {
    uint64_t quotient[ROOM], scratch[2 * ROOM + 1];
    size_t size = ROOM, m_size = ROOM;
    while (m_size > 1 && m[m_size - 1] == 0) m_size--;
    while (size > m_size && x[size - 1] == 0) size--;
    atoll_words_divide(quotient, x, size, m, m_size, scratch);
}

// x · 2^bits mod m.
static void shift_reduce(uint64_t *x, size_t bits, const uint64_t *m) {
    for (; bits >= 64; bits -= 64) {
        memmove(x + 1, x, (ROOM - 1) * sizeof *x);
        x[0] = 0;
        reduce(x, m);
    }
    (void)atoll_words_shift_left(x, x, ROOM, (unsigned)bits);
    reduce(x, m);
}

typedef struct {
    atoll_modulus *m;
    size_t limbs, r_bits, bits, words;
    uint64_t n[ROOM], square[ROOM];
} setting;

// Writes value mod n^form as an element in kernel limbs.
static void element(const setting *s, int form, uint64_t *limbs, const uint64_t *value) {
    uint64_t x[ROOM], quotient[ROOM] = {0}, scratch[2 * ROOM + 1];
    memcpy(x, value, sizeof x);
    reduce(x, form == 2 ? s->square : s->n);
    atoll_words_divide(quotient, x, VALUE_WORDS, s->n, s->words, scratch);
    atoll_modulus_limbs_of(s->m, limbs, x, s->words);
    if (form == 2) atoll_modulus_limbs_of(s->m, limbs + s->limbs, quotient, s->words);
}

// weight · R^powers as an element.
static void weight_element(const setting *s, int form, uint64_t *limbs, const uint64_t *weight, int powers) {
    uint64_t x[ROOM];
    memcpy(x, weight, sizeof x);
    for (int i = 0; i < powers; i++) shift_reduce(x, s->r_bits, form == 2 ? s->square : s->n);
    element(s, form, limbs, x);
}

static uint64_t *room(size_t words) {
    uint64_t *memory = calloc(words + 1, sizeof *memory);
    if (!memory) abort();
    return memory;
}

// Numbers of a field, `width` words each.
static uint64_t *flat(const vector_field *field, size_t width) {
    uint64_t *words = room(field->count * width);
    for (size_t i = 0; i < field->count; i++) {
        memcpy(words + i * width, field->numbers + i * VECTOR_WORDS,
            (width < VECTOR_WORDS ? width : VECTOR_WORDS) * sizeof *words);
    }
    return words;
}

static uint64_t *enter(const setting *s, int form, const vector_field *field) {
    uint64_t weights[TERMS * 2 * 60], weight[ROOM];
    size_t size = (size_t)form * s->limbs, terms = (64 * VECTOR_WORDS + s->bits - 1) / s->bits;
    if (terms > TERMS) terms = TERMS;
    for (size_t t = 0; t < terms; t++) {
        memset(weight, 0, sizeof weight);
        weight[t * s->bits / 64] = (uint64_t)1 << (t * s->bits % 64);
        weight_element(s, form, weights + t * size, weight, 2);
    }
    uint64_t *r = room(field->count * size);
    atoll_digits digits = {field->numbers, VECTOR_WORDS, s->bits, s->bits};
    atoll_batch_enter(s->m, form, r, weights, (int)terms, digits, field->count);
    return r;
}

// Leaves and compares; takes the batch.
static void check(const setting *s, int form, uint64_t *batch, const vector_field *wanted, const char *what) {
    uint64_t *values = room(wanted->count * VALUE_WORDS), *expected = flat(wanted, VALUE_WORDS);
    atoll_operand operand = {batch, (size_t)form * s->limbs, NULL};
    atoll_batch_leave(s->m, form, operand, wanted->count, values, VALUE_WORDS, NULL, NULL);
    expect(memcmp(values, expected, wanted->count * VALUE_WORDS * sizeof *values) == 0, what);
    free(values);
    free(expected);
    free(batch);
}

static void check_products(const setting *s, const vector_case *c) {
    for (int form = 1; form <= 2; form++) {
        size_t size = (size_t)form * s->limbs, count = c->a.count;
        uint64_t *a = enter(s, form, &c->a), *b = enter(s, form, &c->b), *r = room(count * size);
        atoll_operand x = {a, size, NULL}, y = {b, size, NULL};
        atoll_batch_multiply(s->m, form, r, NULL, x, y, count);
        check(s, form, r, form == 2 ? &c->product : &c->plain_product, "product");
        if (form == 2) {
            r = room(count * size);
            atoll_batch_square(s->m, form, r, x, count, 1);
            check(s, form, r, &c->square, "square");
            // Segments of one row each: the same products by way of `accumulate`.
            int32_t *order = calloc(count + 1, sizeof *order);
            if (!order) abort();
            for (size_t i = 0; i <= count; i++) order[i] = (int32_t)i;
            r = room(count * size);
            memcpy(r, a, count * size * sizeof *r);
            atoll_batch_accumulate(s->m, form, r, order, b, size, order, order, count);
            check(s, form, r, &c->product, "accumulated product");
            free(order);
        }
        free(a);
        free(b);
    }
    check(s, 2, enter(s, 2, &c->wide), &c->entered, "entering");
}

static void check_powers(const setting *s, const vector_case *c) {
    size_t size = 2 * s->limbs, count = c->a.count;
    uint64_t one[2 * 60], number_one[ROOM] = {1};
    weight_element(s, 2, one, number_one, 1);
    uint64_t *a = enter(s, 2, &c->a), *b = enter(s, 2, &c->b), *exponents = flat(&c->exponents, 1);
    for (int masked = 0; masked < 2; masked++) {
        uint64_t *r = room(count * size);
        atoll_batch_powers(s->m, 2, r, a, count, c->exponent.numbers, 0, 1, 41, 4, masked, one);
        check(s, 2, r, &c->power, "power");
        r = room(count * size);
        atoll_batch_powers(s->m, 2, r, a, count, exponents, 1, 1, 37, 3, masked, one);
        check(s, 2, r, &c->powers, "power per element");
        uint64_t *table = room(size * (13u << 3));
        atoll_fixed_base_fill(s->m, 2, table, b + (count - 2) * size, 37, 3, one);
        r = room(count * size);
        atoll_fixed_base_powers(s->m, 2, r, count, table, exponents, 1, 37, 3, masked);
        check(s, 2, r, &c->fixed_base, "fixed base");
        free(table);
    }
    free(a);
    free(b);
    free(exponents);
}

static void check_border(const setting *s, const vector_case *c) {
    size_t size = 2 * s->limbs, count = c->a.count;
    uint64_t square_of_r[60], number_one[ROOM] = {1};
    weight_element(s, 1, square_of_r, number_one, 2);
    uint64_t *a = enter(s, 2, &c->a), *m = flat(&c->m, s->words), *r = room(count * size);
    atoll_operand x = {a, size, NULL};
    atoll_digits digit = {m, s->words, 0, s->bits};
    atoll_batch_one_plus(s->m, r, x, square_of_r, digit, count);
    check(s, 2, r, &c->one_plus, "one plus");
    free(a);
    free(m);

    uint64_t weights[3 * 2 * 60], plain_weights[3 * 60];
    for (size_t t = 0; t < 3; t++) {
        uint64_t weight[ROOM] = {0};
        memcpy(weight, c->weights.numbers + t * VECTOR_WORDS, VECTOR_WORDS * sizeof *weight);
        weight_element(s, 2, weights + t * size, weight, 2);
        weight_element(s, 1, plain_weights + t * s->limbs, weight, 1);
    }
    uint64_t *flat_digits = flat(&c->digits, s->words);
    atoll_digits digits = {flat_digits, 3 * s->words, 64 * s->words, s->bits};
    r = room(count * size);
    atoll_batch_enter(s->m, 2, r, weights, 3, digits, count);
    check(s, 2, r, &c->sum, "weighted sum");
    uint64_t *sums = room(count * s->words), *expected = flat(&c->plain_sum, s->words);
    atoll_batch_combine(s->m, sums, plain_weights, 3, digits, count);
    expect(memcmp(sums, expected, count * s->words * sizeof *sums) == 0, "combined sum");
    free(flat_digits);
    free(sums);
    free(expected);
}

static void run_case(const atoll_kernel *kernel, const vector_case *c) {
    setting s = {0};
    s.words = VECTOR_WORDS;
    memcpy(s.n, c->n.numbers, VECTOR_WORDS * sizeof *s.n);
    while (s.n[s.words - 1] == 0) s.words--;
    s.bits = 64 * s.words - (size_t)__builtin_clzll(s.n[s.words - 1]);
    atoll_words_multiply(s.square, s.n, s.words, s.n, s.words);
    s.m = atoll_modulus_create(kernel, s.n, s.words);
    expect(s.m != NULL, "modulus");
    s.limbs = atoll_modulus_limbs(s.m);
    s.r_bits = s.limbs * atoll_modulus_limb_bits(s.m);
    current_case = c->name;
    check_products(&s, c);
    check_powers(&s, c);
    check_border(&s, c);
    atoll_modulus_destroy(s.m);
}

int main(int count, char **arguments) {
    static const char *const all[] = {"avx512ifma", "mulx", "portable", "ifma-model"};
    if (count < 2) return 2;
    vector_cases cases = vectors_read(arguments[1]);
    size_t ran = 0;
    for (size_t k = 0; k < 4; k++) {
        const atoll_kernel *kernel = atoll_kernel_named(all[k]);
        int wanted = count == 2;
        for (int i = 2; i < count; i++) wanted |= strcmp(arguments[i], all[k]) == 0;
        if (!kernel || !wanted || !atoll_kernel_runs_here(kernel)) continue;
        current_kernel = all[k];
        for (size_t i = 0; i < cases.count; i++) run_case(kernel, &cases.list[i]);
        printf("%s: %zu cases right\n", all[k], cases.count);
        if (curve_check(strcmp(all[k], "mulx") == 0 ? "avx2" : all[k]) != 0) return 1;
        ran++;
    }
    vectors_free(&cases);
    if (ran == 0 || cases.count == 0) {
        fprintf(stderr, "nothing ran\n");
        return 1;
    }
    return 0;
}
