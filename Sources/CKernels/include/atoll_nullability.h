// Clang's nullability words, which Swift reads, mean nothing to other compilers.
#ifndef ATOLL_NULLABILITY_H
#define ATOLL_NULLABILITY_H

#if !defined(__clang__)
#define _Nonnull
#define _Nullable
#endif

#endif
