/// Kernels of tables: finding the cells of a CSV block, packing integers into bits, checking UTF-8, sorting; and the few
/// calls of zlib that tables need. Nothing here keeps state beyond what is handed in, and nothing reads or writes outside
/// of the ranges it is given.
#ifndef CTABLES_H
#define CTABLES_H

#include <stddef.h>
#include <stdint.h>

// MARK: CSV

/// What a scan carries from one piece of a file to the next.
typedef struct {
    /// All ones while the next byte lies inside quotes, else zero.
    uint64_t quoted;
    /// Which of the bytes below were seen since this was last cleared.
    uint32_t seen;
} ct_scan;

enum { CT_SEEN_NUL = 1, CT_SEEN_HIGH = 2, CT_SEEN_QUOTE = 4 };

/// The flag of a position that ends a line; without it the position is a delimiter.
#define CT_LINE_END 0x80000000u

/// Writes the positions (from `base` on) of all delimiters, line feeds and carriage returns that are not inside quotes.
/// `out` has room for `count` positions; `base + count` is below 2^31. Answers how many were written.
size_t ct_scan_csv(const uint8_t *bytes, size_t count, uint32_t base, uint8_t delimiter, ct_scan *state, uint32_t *out);

/// Length of the longest beginning that is well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
size_t ct_utf8_valid(const uint8_t *bytes, size_t count);

/// 10^n, n in 0 to 19.
static inline uint64_t ct_power(int n) {
    static const uint64_t powers[20] = {1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u,
        10000000000u, 100000000000u, 1000000000000u, 10000000000000u, 100000000000000u, 1000000000000000u,
        10000000000000000u, 100000000000000000u, 1000000000000000000u, 10000000000000000000u};
    return powers[n];
}

/// 10^n as a double, which is exact; n in 0 to 19.
static inline double ct_double_power(int n) {
    static const double powers[20] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
        1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
    return powers[n];
}

// MARK: Bits

/// Bytes that `count` values of `width` bits take.
static inline size_t ct_packed_size(size_t count, unsigned width) { return (count * width + 7) / 8; }

/// Packs the low `width` bits (0 to 64) of every value, lowest bit first, into `ct_packed_size` bytes.
void ct_pack(const uint64_t *values, size_t count, unsigned width, uint8_t *out);

/// Unpacks what `ct_pack` made; `bytes` has exactly `ct_packed_size(count, width)` bytes.
void ct_unpack(const uint8_t *bytes, size_t count, unsigned width, uint64_t *out);

/// Sorts ascending; `scratch` has room for `count`.
void ct_sort(uint64_t *values, uint64_t *scratch, size_t count);

// MARK: zlib

/// CRC-32 (the one of gzip) of the bytes, going on from `crc` (0 at the start).
uint32_t ct_crc32(uint32_t crc, const uint8_t *bytes, size_t count);

/// Raw deflate. Answers the length, or 0 when it does not fit into `room` or zlib fails.
size_t ct_deflate(const uint8_t *bytes, size_t count, uint8_t *out, size_t room, int level);

/// Raw inflate of exactly `wanted` bytes from exactly `count`. Answers whether it came out so.
int ct_inflate(const uint8_t *bytes, size_t count, uint8_t *out, size_t wanted);

/// A gzip reader; NULL when there is no memory.
typedef struct ct_gunzip ct_gunzip;
ct_gunzip *ct_gunzip_new(void);
void ct_gunzip_free(ct_gunzip *reader);

/// Inflates from `*bytes_count` bytes into `*out_count`; both are set to what was used and written.
/// Answers 0 to go on, 1 at the end of a member (the next call begins another), -1 when the data are damaged.
int ct_gunzip_run(ct_gunzip *reader, const uint8_t *bytes, size_t *bytes_count, uint8_t *out, size_t *out_count);

#endif
