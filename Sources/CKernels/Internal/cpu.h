// What this processor and system can run.
#ifndef ATOLL_INTERNAL_CPU_H
#define ATOLL_INTERNAL_CPU_H

int atoll_cpu_has_mulx_adx(void);
int atoll_cpu_has_avx2_fma(void);
int atoll_cpu_has_avx512ifma(void);

#endif
