// The scalar kernel for x86-64 processors with BMI2 and ADX: MULX leaves the flags alone, ADCX and ADOX carry in two
// independent chains, so one row of an 8 × 8-limb product needs neither spills nor flag saves.
#if defined(__x86_64__)
#include <string.h>

#include "Internal/cpu.h"
#include "Internal/scalar64.h"
#include "include/atoll_words.h"

#define KERNEL(name) name##_mulx
#define KERNEL_NAME "mulx"

static int runs_here_mulx(void) { return atoll_cpu_has_mulx_adx(); }

// w_i += low(x_i · rdx), w_(i+1) += high(x_i · rdx); rax and rbx are scratch.
#define STEP(i, w, next)                     \
    "mulxq " #i "*8(%%rsi), %%rax, %%rbx\n\t" \
    "adcxq %%rax, %%" #w "\n\t"               \
    "adoxq %%rbx, %%" #next "\n\t"

// One row: the window a ... h takes rdx · x; its lowest limb leaves by LEAVE and its register becomes the new top.
#define ROW(BEGIN, LEAVE, j, a, b, c, d, e, f, g, h)                                               \
    BEGIN(j, a)                                                                                    \
    "xorl %%eax, %%eax\n\t"                                                                        \
    "mulxq (%%rsi), %%rax, %%rbx\n\t"                                                              \
    "adcxq %%rax, %%" #a "\n\t"                                                                    \
    "adoxq %%rbx, %%" #b "\n\t"                                                                    \
    LEAVE(j, a)                                                                                    \
    STEP(1, b, c) STEP(2, c, d) STEP(3, d, e) STEP(4, e, f) STEP(5, f, g) STEP(6, g, h)            \
    "mulxq 7*8(%%rsi), %%rax, %%rbx\n\t"                                                           \
    "adcxq %%rax, %%" #h "\n\t"                                                                    \
    "movl $0, %%eax\n\t"                                                                           \
    "adcxq %%rbx, %%" #a "\n\t"                                                                    \
    "adoxq %%rax, %%" #a "\n\t"

#define ROWS(BEGIN, LEAVE)                                  \
    ROW(BEGIN, LEAVE, 0, r8, r9, r10, r11, r12, r13, r14, r15) \
    ROW(BEGIN, LEAVE, 1, r9, r10, r11, r12, r13, r14, r15, r8) \
    ROW(BEGIN, LEAVE, 2, r10, r11, r12, r13, r14, r15, r8, r9) \
    ROW(BEGIN, LEAVE, 3, r11, r12, r13, r14, r15, r8, r9, r10) \
    ROW(BEGIN, LEAVE, 4, r12, r13, r14, r15, r8, r9, r10, r11) \
    ROW(BEGIN, LEAVE, 5, r13, r14, r15, r8, r9, r10, r11, r12) \
    ROW(BEGIN, LEAVE, 6, r14, r15, r8, r9, r10, r11, r12, r13) \
    ROW(BEGIN, LEAVE, 7, r15, r8, r9, r10, r11, r12, r13, r14)

#define LOAD_WINDOW                                                                   \
    "movq 0(%%rdi), %%r8\n\tmovq 8(%%rdi), %%r9\n\tmovq 16(%%rdi), %%r10\n\t"         \
    "movq 24(%%rdi), %%r11\n\tmovq 32(%%rdi), %%r12\n\tmovq 40(%%rdi), %%r13\n\t"     \
    "movq 48(%%rdi), %%r14\n\tmovq 56(%%rdi), %%r15\n\t"

// acc[8 ..< 17] += window
#define ADD_WINDOW                                                                    \
    "addq 64(%%rdi), %%r8\n\tadcq 72(%%rdi), %%r9\n\tadcq 80(%%rdi), %%r10\n\t"       \
    "adcq 88(%%rdi), %%r11\n\tadcq 96(%%rdi), %%r12\n\tadcq 104(%%rdi), %%r13\n\t"    \
    "adcq 112(%%rdi), %%r14\n\tadcq 120(%%rdi), %%r15\n\tadcq $0, 128(%%rdi)\n\t"     \
    "movq %%r8, 64(%%rdi)\n\tmovq %%r9, 72(%%rdi)\n\tmovq %%r10, 80(%%rdi)\n\t"       \
    "movq %%r11, 88(%%rdi)\n\tmovq %%r12, 96(%%rdi)\n\tmovq %%r13, 104(%%rdi)\n\t"    \
    "movq %%r14, 112(%%rdi)\n\tmovq %%r15, 120(%%rdi)\n\t"

#define TAKE_LIMB(j, a) "movq " #j "*8(%%rcx), %%rdx\n\t"
#define KEEP_LOWEST(j, a) "movq %%" #a ", " #j "*8(%%rdi)\n\tmovl $0, %%" #a "d\n\t"
#define MAKE_QUOTIENT(j, a) "movq %%" #a ", %%rdx\n\timulq %[inverse], %%rdx\n\tmovq %%rdx, " #j "*8(%%rcx)\n\t"
#define DROP_LOWEST(j, a)  // it is zero now, and the carry is in the flag

__attribute__((noinline)) static void diagonal_mulx(
    uint64_t *acc, const uint64_t *x, const uint64_t *y, size_t count) {
    for (; count > 0; count--, x += 8, y -= 8) {
        __asm__ volatile(LOAD_WINDOW ROWS(TAKE_LIMB, KEEP_LOWEST) ADD_WINDOW
                         :
                         : "D"(acc), "S"(x), "c"(y)
                         : "rax", "rbx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc", "memory");
    }
}

__attribute__((noinline)) static void quotient_mulx(uint64_t *acc, uint64_t *q, const uint64_t *n, uint64_t inverse) {
    __asm__ volatile(LOAD_WINDOW ROWS(MAKE_QUOTIENT, DROP_LOWEST) ADD_WINDOW
                     :
                     : "D"(acc), "S"(n), "c"(q), [inverse] "m"(inverse)
                     : "rax", "rbx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc", "memory");
}

#include "Internal/scalar64.inc"
#endif
