#include "vectors_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *key;
    size_t offset;
} fields[] = {
#define FIELD(key, member) {key, offsetof(vector_case, member)}
    FIELD("n", n), FIELD("a", a), FIELD("b", b), FIELD("m", m), FIELD("exponent", exponent),
    FIELD("exponents", exponents), FIELD("wide", wide), FIELD("weights", weights), FIELD("digits", digits),
    FIELD("product", product), FIELD("square", square), FIELD("power", power), FIELD("powers", powers),
    FIELD("fixedBase", fixed_base), FIELD("onePlus", one_plus), FIELD("entered", entered), FIELD("sum", sum),
    FIELD("plainProduct", plain_product), FIELD("plainPower", plain_power), FIELD("plainSum", plain_sum),
    FIELD("chain", chain),
};
enum { FIELDS = sizeof fields / sizeof *fields };

static vector_field *field_at(vector_case *c, size_t i) { return (vector_field *)((char *)c + fields[i].offset); }

static void stop(const char *why) {
    fprintf(stderr, "vectors: %s\n", why);
    exit(2);
}

static char *whole_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) stop("the file cannot be opened");
    size_t size = 0, room = 1 << 16;
    char *text = malloc(room);
    while (text) {
        size += fread(text + size, 1, room - size - 1, file);
        if (size + 1 < room) break;
        room *= 2;
        text = realloc(text, room);
    }
    if (!text) stop("out of memory");
    text[size] = 0;
    fclose(file);
    return text;
}

static void add_number(vector_field *field, const char *hex, size_t length) {
    field->numbers = realloc(field->numbers, (field->count + 1) * VECTOR_WORDS * sizeof(uint64_t));
    if (!field->numbers) stop("out of memory");
    uint64_t *words = field->numbers + field->count++ * VECTOR_WORDS;
    memset(words, 0, VECTOR_WORDS * sizeof *words);
    if (length > 16 * VECTOR_WORDS) stop("a number is too long");
    for (size_t i = 0; i < length; i++) {
        char digit = hex[length - 1 - i];
        const char *digits = "0123456789abcdef", *found = strchr(digits, digit);
        if (!found) stop("a number is not hexadecimal");
        words[i / 16] |= (uint64_t)(found - digits) << (4 * (i % 16));
    }
}

// Walks over every string: a key when a colon follows, else a value of the last key.
vector_cases vectors_read(const char *path) {
    char *text = whole_file(path);
    vector_cases cases = {0, NULL};
    vector_field *field = NULL;
    int names = 0;
    for (char *at = strchr(text, '"'); at; at = strchr(at + 1, '"')) {
        char *begin = at + 1;
        at = strchr(begin, '"');
        if (!at) stop("a string does not end");
        size_t length = (size_t)(at - begin);
        if (at[1] == ':') {
            field = NULL;
            names = strncmp(begin, "name", length) == 0 && length == 4;
            if (strncmp(begin, "selfTest", length) == 0 && length == 8) break;
            for (size_t i = 0; cases.count > 0 && i < FIELDS; i++) {
                if (strlen(fields[i].key) == length && strncmp(fields[i].key, begin, length) == 0) {
                    field = field_at(&cases.list[cases.count - 1], i);
                }
            }
        } else if (names) {
            cases.list = realloc(cases.list, (cases.count + 1) * sizeof *cases.list);
            if (!cases.list || length >= sizeof cases.list->name) stop("a name is too long");
            vector_case *added = &cases.list[cases.count++];
            memset(added, 0, sizeof *added);
            memcpy(added->name, begin, length);
        } else if (field) {
            add_number(field, begin, length);
        }
    }
    for (size_t i = 0; i < cases.count; i++) {
        for (size_t f = 0; f < FIELDS; f++) {
            if (field_at(&cases.list[i], f)->count == 0) stop("a case lacks a field");
        }
    }
    free(text);
    return cases;
}

void vectors_free(vector_cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        for (size_t f = 0; f < FIELDS; f++) free(field_at(&cases->list[i], f)->numbers);
    }
    free(cases->list);
}
