#include "CTables.h"

#include <string.h>

void ct_pack(const uint64_t *values, size_t count, unsigned width, uint8_t *out) {
    if (width == 0) return;
    unsigned __int128 pending = 0;
    unsigned held = 0;
    const uint64_t mask = width == 64 ? ~0ull : (1ull << width) - 1;
    for (size_t i = 0; i < count; i++) {
        pending |= (unsigned __int128)(values[i] & mask) << held;
        held += width;
        if (held >= 64) {
            const uint64_t word = (uint64_t)pending;
            memcpy(out, &word, 8);
            out += 8;
            pending >>= 64;
            held -= 64;
        }
    }
    while (held > 0) {
        *out++ = (uint8_t)pending;
        pending >>= 8;
        held = held > 8 ? held - 8 : 0;
    }
}

static inline uint64_t bits_at(const uint8_t *bytes, size_t size, size_t bit, unsigned width) {
    // The slow way, for the last values: never beyond `size`.
    uint64_t value = 0;
    unsigned got = 0;
    while (got < width) {
        const size_t index = bit >> 3;
        const unsigned skip = (unsigned)(bit & 7);
        const unsigned use = 8 - skip < width - got ? 8 - skip : width - got;
        const uint64_t byte = index < size ? bytes[index] : 0;
        value |= (byte >> skip & ((1u << use) - 1)) << got;
        got += use;
        bit += use;
    }
    return value;
}

void ct_unpack(const uint8_t *bytes, size_t count, unsigned width, uint64_t *out) {
    if (width == 0) {
        memset(out, 0, count * sizeof *out);
        return;
    }
    const size_t size = ct_packed_size(count, width);
    const uint64_t mask = width == 64 ? ~0ull : (1ull << width) - 1;
    size_t i = 0, bit = 0;
    if (width <= 56) {
        for (; i < count && (bit >> 3) + 8 <= size; i++, bit += width) {
            uint64_t word;
            memcpy(&word, bytes + (bit >> 3), 8);
            out[i] = word >> (bit & 7) & mask;
        }
    } else {
        for (; i < count && (bit >> 3) + 9 <= size; i++, bit += width) {
            uint64_t word;
            memcpy(&word, bytes + (bit >> 3), 8);
            const unsigned skip = (unsigned)(bit & 7);
            const uint64_t next = bytes[(bit >> 3) + 8];
            out[i] = (skip ? word >> skip | next << (64 - skip) : word) & mask;
        }
    }
    for (; i < count; i++, bit += width) out[i] = bits_at(bytes, size, bit, width);
}

// Least significant byte first; passes in which all values agree are left out.
void ct_sort(uint64_t *values, uint64_t *scratch, size_t count) {
    if (count < 2) return;
    if (count <= 48) {
        for (size_t i = 1; i < count; i++) {
            const uint64_t value = values[i];
            size_t j = i;
            for (; j > 0 && values[j - 1] > value; j--) values[j] = values[j - 1];
            values[j] = value;
        }
        return;
    }
    uint32_t counts[8][256];
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < count; i++)
        for (int byte = 0; byte < 8; byte++) counts[byte][values[i] >> (8 * byte) & 255]++;
    uint64_t *from = values, *to = scratch;
    for (int byte = 0; byte < 8; byte++) {
        uint32_t *places = counts[byte];
        if (places[from[0] >> (8 * byte) & 255] == count) continue;
        uint32_t sum = 0;
        for (int digit = 0; digit < 256; digit++) {
            const uint32_t here = places[digit];
            places[digit] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++) to[places[from[i] >> (8 * byte) & 255]++] = from[i];
        uint64_t *other = from;
        from = to;
        to = other;
    }
    if (from != values) memcpy(values, from, count * sizeof *values);
}
