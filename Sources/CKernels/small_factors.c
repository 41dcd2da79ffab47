// Trial division by all small primes, several primes to one pass over the words.
#include <string.h>

#include "include/atoll_words.h"

enum { SIEVE_LIMIT = 1 << 20 };

// Marks odd composites: bit i stands for 2i + 1.
static void sieve(uint8_t *composite, uint32_t bound) {
    memset(composite, 0, bound / 16 + 1);
    for (uint32_t p = 3; p * p < bound; p += 2) {
        if (composite[p / 16] >> (p / 2 % 8) & 1) continue;
        for (uint32_t multiple = p * p; multiple < bound; multiple += 2 * p) {
            composite[multiple / 16] |= (uint8_t)(1 << (multiple / 2 % 8));
        }
    }
}

// The smallest factor among `count` primes whose product fits a word.
static uint32_t factor_among(const uint64_t *a, size_t size, const uint32_t *primes, size_t count, uint64_t product) {
    uint64_t rest = atoll_words_remainder(a, size, product);
    for (size_t i = 0; i < count; i++) {
        if (rest % primes[i] == 0) return primes[i];
    }
    return 0;
}

uint32_t atoll_words_small_factor(const uint64_t *a, size_t size, uint32_t bound) {
    uint8_t composite[SIEVE_LIMIT / 16 + 1];
    uint32_t primes[16];
    size_t count = 0;
    uint64_t product = 1;
    if (bound > SIEVE_LIMIT) bound = SIEVE_LIMIT;
    sieve(composite, bound);
    if (bound > 2 && (size == 0 || (a[0] & 1) == 0)) return 2;
    for (uint32_t p = 3; p < bound; p += 2) {
        if (composite[p / 16] >> (p / 2 % 8) & 1) continue;
        if (product > (UINT32_MAX / p)) {
            uint32_t found = factor_among(a, size, primes, count, product);
            if (found) return found;
            count = 0;
            product = 1;
        }
        primes[count++] = p;
        product *= p;
    }
    return count ? factor_among(a, size, primes, count, product) : 0;
}
