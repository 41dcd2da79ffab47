// Reads Tests/Vectors/arithmetic.json, and nothing else: strings in an array of objects.
#ifndef VECTORS_FILE_H
#define VECTORS_FILE_H

#include <stddef.h>
#include <stdint.h>

// Words of every number in the file: values of up to four times 3072 bits.
enum { VECTOR_WORDS = 4 * 48 };

typedef struct {
    size_t count;
    uint64_t *numbers;  // VECTOR_WORDS each
} vector_field;

typedef struct {
    char name[64];
    vector_field n, a, b, m, exponent, exponents, wide, weights, digits;
    vector_field product, square, power, powers, fixed_base, one_plus, entered, sum;
    vector_field plain_product, plain_power, plain_sum, chain;
} vector_case;

typedef struct {
    size_t count;
    vector_case *list;
} vector_cases;

// Ends the program with a message when the file is not as expected.
vector_cases vectors_read(const char *path);
void vectors_free(vector_cases *cases);

#endif
