/*
 * Power-on self test, part by part: CPU, TLB, both caches, RAM, then the board's own parts (`board_parts`).
 * Prints a part's name when it starts and stops at the first part that fails, saying which and where.
 * With testaction=t every word of RAM is tested, otherwise a sample of it (see QUICK_SAMPLES).
 */
#include "prom.h"

#define QUICK_SAMPLES 8192u
#define SAMPLE_SKEW 4u /* so that the samples wander through the pages instead of hitting one column */

static int report(const char *part, const char *what)
{
    prom_printf("\n?TEST %s: %s\n", part, what);
    return 0;
}

/* Arithmetic with known answers. The operands are volatile, so that the CPU and not the compiler computes. */
static const char *cpu_test(void)
{
    static const uint8_t bytes[8] __attribute__((aligned(4))) = {0x11, 0x22, 0x33, 0x44, 0x85, 0x96, 0xa7, 0xb8};
    volatile uint32_t a = 0x12345678, b = 0x9abcdef0;
    volatile int32_t n = -1000003, d = 997;
    uint32_t unaligned;
    if (a + b != 0xacf13568 || b - a != 0x88888878)
        return "add";
    if ((a & b) != 0x12345670 || (a ^ b) != 0x88888888 || ~(a | b) != 0x65432107)
        return "logic";
    if (a << 7 != 0x1a2b3c00 || b >> 9 != 0x004d5e6f || (int32_t)b >> 9 != (int32_t)0xffcd5e6f)
        return "shift";
    if (a >= b || (int32_t)a < (int32_t)b)
        return "compare";
    if (a * b != 0x242d2080 || n / d != -1003 || n % d != -12)
        return "multiply or divide";
    __asm__ volatile("lwr %0, 1(%1)\n\tlwl %0, 4(%1)\n\tnop" : "=&r"(unaligned) : "r"(bytes) : "memory");
    if (unaligned != 0x85443322 || *(const volatile int8_t *)(bytes + 5) != (int8_t)0x96 ||
        *(const volatile uint16_t *)(bytes + 6) != 0xb8a7)
        return "load";
    return NULL;
}

static int cache_check(const char *name, uint32_t swap)
{
    uint32_t bytes = cache_size(swap);
    uint32_t bad;
    if (bytes < 4096 || bytes > 0x40000 || (bytes & (bytes - 1)) != 0)
        return report(name, "size");
    prom_printf(" %s %uK", name, bytes / 1024);
    bad = cache_test(bytes, swap);
    if (bad == 0)
        return 1;
    prom_printf("\n?TEST %s: %s at %x\n", name, bad & 1 ? "tag" : "data", bad & ~1u);
    return 0;
}

static int ram_check(uint32_t stride)
{
    uint32_t wrote, read;
    uint32_t bad = memory_test(stride, &wrote, &read);
    if (bad == 0)
        return 1;
    prom_printf("\n?TEST RAM: at %x wrote %08x read %08x\n", bad, wrote, read);
    return 0;
}

static int check(const char *name, const char *(*test)(void))
{
    const char *failure;
    prom_printf(" %s", name);
    failure = test();
    console_poll();
    return failure == NULL ? 1 : report(name, failure);
}

static int tlb_check(void)
{
    uint32_t bad;
    prom_printf(" TLB");
    bad = tlb_test();
    tlb_clear();
    if (bad == 0)
        return 1;
    prom_printf("\n?TEST TLB: entry %u\n", bad - 1);
    return 0;
}

int selftest_run(void)
{
    const char *action = environment_get("testaction");
    const struct board_part *part;
    uint32_t stride = memory_size() / QUICK_SAMPLES + SAMPLE_SKEW;
    if (!check("CPU", cpu_test) || !tlb_check() || !cache_check("D", 0) || !cache_check("I", SR_SWC))
        return 0;
    prom_printf(" RAM %uM", memory_size() >> 20);
    if (memory_size() == 0)
        return report("RAM", "none");
    if (!ram_check(action != NULL && action[0] == 't' ? 4 : stride))
        return 0;
    for (part = board_parts; part->name != NULL; part++)
        if (!check(part->name, part->test))
            return 0;
    prom_printf(" ok\n");
    board_passed();
    return 1;
}

int selftest_thorough(void)
{
    prom_printf("RAM %uM, every word\n", memory_size() >> 20);
    if (!ram_check(4))
        return 0;
    prom_printf("ok\n");
    return 1;
}
