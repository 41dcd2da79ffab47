#ifndef ATOLL_IFMA_RATE_H
#define ATOLL_IFMA_RATE_H

/// 52-bit multiply-add instructions on eight lanes that one core does per second; 0 where the processor has none.
/// Takes some 50 ms.
double atoll_ifma_rate(void);

#endif
