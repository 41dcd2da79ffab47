#ifndef ATOLL_BENCH_OPENSSL_H
#define ATOLL_BENCH_OPENSSL_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#endif
