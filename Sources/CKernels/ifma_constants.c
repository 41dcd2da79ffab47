#include "Internal/ifma.h"
#include "include/atoll_memory.h"
#include "include/atoll_words.h"

void atoll_ifma_prepare(atoll_modulus *m, const uint64_t *r_mod_n) {
    uint64_t twice[ATOLL_MODULUS_MAX_WORDS], top;
    top = atoll_words_shift_left(twice, r_mod_n, m->words, 1);
    (void)atoll_words_reduce_once(twice, &top, m->n_words, m->words);
    // -2R mod n lies in [1, n): n is odd, so 2R mod n is not zero.
    (void)atoll_words_subtract(twice, m->n_words, twice, m->words);
    atoll_modulus_limbs_of(m, m->lift, twice, m->words);
    const uint64_t unit = (uint64_t)1 << 52;
    m->lift[m->limbs - 1] += 2 * unit;
    for (size_t i = 0; i + 1 < m->limbs; i++) {
        m->lift[i] += unit;
        m->lift[i + 1] -= 1;
    }
    m->lift[m->limbs] = 0;
    atoll_wipe(twice, sizeof twice);
}
