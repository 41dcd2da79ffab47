#include "CTables.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

// zlib counts in 32 bits.
static const size_t most = 1u << 30;

uint32_t ct_crc32(uint32_t crc, const uint8_t *bytes, size_t count) {
    return (uint32_t)crc32_z(crc, bytes, count);
}

size_t ct_deflate(const uint8_t *bytes, size_t count, uint8_t *out, size_t room, int level) {
    if (count > most || room > most) return 0;
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (deflateInit2(&stream, level, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    const int result = deflate(&stream, Z_FINISH);
    const size_t length = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? length : 0;
}

int ct_inflate(const uint8_t *bytes, size_t count, uint8_t *out, size_t wanted) {
    if (count > most || wanted > most) return 0;
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (inflateInit2(&stream, -15) != Z_OK) return 0;
    uint8_t spare;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = wanted ? out : &spare;
    stream.avail_out = (uInt)wanted;
    const int result = inflate(&stream, Z_FINISH);
    const int whole = result == Z_STREAM_END && stream.total_out == wanted && stream.avail_in == 0;
    inflateEnd(&stream);
    return whole;
}

struct ct_gunzip {
    z_stream stream;
    int ended;
};

ct_gunzip *ct_gunzip_new(void) {
    ct_gunzip *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    if (inflateInit2(&reader->stream, 15 + 16) != Z_OK) {
        free(reader);
        return NULL;
    }
    return reader;
}

void ct_gunzip_free(ct_gunzip *reader) {
    if (reader == NULL) return;
    inflateEnd(&reader->stream);
    free(reader);
}

int ct_gunzip_run(ct_gunzip *reader, const uint8_t *bytes, size_t *bytes_count, uint8_t *out, size_t *out_count) {
    z_stream *stream = &reader->stream;
    if (reader->ended) {
        reader->ended = 0;
        if (inflateReset(stream) != Z_OK) return -1;
    }
    const uInt in = (uInt)(*bytes_count < most ? *bytes_count : most);
    const uInt room = (uInt)(*out_count < most ? *out_count : most);
    stream->next_in = (Bytef *)bytes;
    stream->avail_in = in;
    stream->next_out = out;
    stream->avail_out = room;
    const int result = inflate(stream, Z_NO_FLUSH);
    *bytes_count = in - stream->avail_in;
    *out_count = room - stream->avail_out;
    if (result == Z_STREAM_END) {
        reader->ended = 1;
        return 1;
    }
    // A call without room or without input makes no progress and breaks nothing.
    return result == Z_OK || result == Z_BUF_ERROR ? 0 : -1;
}
