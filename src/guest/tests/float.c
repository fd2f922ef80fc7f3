/*
 * float compute SEED STEPS: coupled chaotic sequences in doubles that stay in registers, for a host
 * that computes the same. float disturbed SEED STEPS: the same while a fault handler and a policy of
 * revocation compute as well. float print COUNT: numbers in all their digits. float CAUSE: an
 * operation that an R3010 does not complete.
 */
#include <generated/library-calls.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AREA ((volatile uint32_t *)0x20000000)
#define AREA_PAGES 4
#define AREA_WORDS 1024 /* to a page */

static volatile double input = 0.3;
static volatile double output;
static volatile uint32_t faults;
static volatile uint32_t demands;

/* Changes what a function may change: every caller-saved register and the condition. */
static void scribble(void)
{
    double a = input, b = a + 1, c = a + 2, d = a + 3, e = a + 4, f = a + 5, g = a + 6, h = a + 7;

    for (int i = 0; i < 3; i++) {
        a = a * b - c, b = b * c - d, c = c * d - e, d = d * e - f;
        e = e * f - g, f = f * g - h, g = g * h - a, h = h * a - b;
    }
    output = a + b + c + d + e + f + g + h;
    if (output < input)
        output = 0;
}

static int on_fault(uint32_t address, int is_write, uint32_t epc)
{
    (void)is_write, (void)epc;
    scribble();
    faults++;
    return exo_page_protect((void *)(address & ~4095u), 1, EXO_PROT_READ | EXO_PROT_WRITE) == 0;
}

static uint32_t on_revoke(uint32_t wanted)
{
    uint32_t given = 0;

    scribble();
    while (given < wanted && demands + given < AREA_PAGES - 1)
        exo_page_unmap((void *)(AREA + ++given * AREA_WORDS), 1);
    demands += given;
    return given;
}

static uint32_t fold(uint32_t hash, double value)
{
    union {
        double value;
        uint32_t half[2];
    } bits = { .value = value };

    return (hash * 31 + bits.half[0]) * 31 + bits.half[1];
}

static void compute(int32_t seed, uint32_t steps, int is_disturbed)
{
    double a = 1.0 / (seed + 2), b = a / 1.1, c = a / 1.2, d = a / 1.3, e = a / 1.4, f = a / 1.5;
    uint32_t hash = 0;

    for (uint32_t i = 0; i < steps; i++) {
        double first = a;
        a = 0.9 * (3.9 * a * (1 - a)) + 0.1 * b;
        b = 0.9 * (3.8 * b * (1 - b)) + 0.1 * c;
        c = 0.9 * (3.7 * c * (1 - c)) + 0.1 * d;
        if (is_disturbed && i % 64 == 0) {
            exo_page_protect((void *)AREA, 1, EXO_PROT_READ);
            AREA[0] = i;
        }
        d = d < e ? e / (1 + d) : d / (1 + e);
        e = 0.9 * (3.6 * e * (1 - e)) + 0.1 * f;
        f = 0.9 * (3.5 * f * (1 - f)) + 0.1 * first;
        if (i % 16 == 0)
            hash = fold(fold(fold(hash, a), d), f);
    }
    printf("float: %08x %.17g %.17g %.17g\n", hash, a, c, e);
    if (is_disturbed)
        printf("float: %u faults, %u pages given\n", faults, demands);
}

/* Numbers of every size, denormal ones too, in all their digits. */
static void print(uint32_t count)
{
    union {
        double value;
        uint32_t half[2];
    } bits;
    uint32_t seed = 1;

    for (uint32_t i = 0; i < count; i++) {
        bits.half[0] = seed = seed * 1664525 + 1013904223;
        bits.half[1] = seed = seed * 1664525 + 1013904223;
        if (i % 4 == 0)
            bits.half[1] &= 0x800fffff;
        printf("%.25e %.16e\n", bits.value, bits.value);
    }
}

static void fail(const char *cause)
{
    if (strcmp(cause, "denormal") == 0)
        output = input * 1e-200 * 1e-120;
    else if (strcmp(cause, "nan") == 0)
        output = (input - input) / (input - input) + 1;
    else if (strcmp(cause, "integer") == 0)
        output = (int32_t)(input * 1e10);
    else if (strcmp(cause, "divide") == 0) {
        __asm__ volatile("ctc1 %0, $31" : : "r"(1 << 10));
        output = 1 / (input - input);
    } else if (strcmp(cause, "quiet") == 0)
        printf("float: %g %g %g\n", 1 / (input - input), -1 / (input - input), input * 1e308 * 1e10);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    if (argc < 4) {
        if (strcmp(what, "print") == 0)
            print(argc > 2 ? strtoul(argv[2], NULL, 10) : 1);
        fail(what);
        return 0;
    }
    if (strcmp(what, "disturbed") == 0) {
        exo_page_map((void *)AREA, AREA_PAGES, EXO_PROT_READ | EXO_PROT_WRITE);
        for (uint32_t page = 0; page < AREA_PAGES; page++)
            AREA[page * AREA_WORDS] = page;
        exo_on_fault(on_fault);
        exo_on_revoke(on_revoke);
        printf("float: ready\n");
    }
    compute(atoi(argv[2]), strtoul(argv[3], NULL, 10), strcmp(what, "disturbed") == 0);
    return 0;
}
