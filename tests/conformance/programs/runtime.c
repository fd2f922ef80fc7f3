/*
 * Entry, output and stack for the compiled conformance programs: Linux system calls write and exit, nothing else. Output
 * is collected and written at the end, so that a program is one system call long.
 */
#include "runtime.h"

__asm__(".text\n.globl __start\n.ent __start\n.set noreorder\n"
        "__start:\n  lui $29, %hi(stack+16352)\n  addiu $29, $29, %lo(stack+16352)\n"
        "  jal start\n  nop\n.set reorder\n.end __start\n");

static char output[4096];
static unsigned used;
char stack[16384] __attribute__((aligned(8)));

static void put_char(char c)
{
    if (used < sizeof output)
        output[used++] = c;
}

void put_text(const char *text)
{
    while (*text)
        put_char(*text++);
}

void put_hex(const char *name, unsigned value)
{
    put_text(name);
    put_char(' ');
    for (int shift = 28; shift >= 0; shift -= 4)
        put_char("0123456789abcdef"[(value >> shift) & 15]);
    put_char('\n');
}

static void system_call(int number, int a, const void *b, unsigned c)
{
    register int v0 __asm__("$2") = number;
    register int a0 __asm__("$4") = a;
    register const void *a1 __asm__("$5") = b;
    register unsigned a2 __asm__("$6") = c;
    __asm__ volatile("syscall" : "+r"(v0) : "r"(a0), "r"(a1), "r"(a2) : "$7", "memory");
}

void start(void)
{
    run();
    put_text("end\n");
    system_call(4004, 1, output, used);
    system_call(4001, 0, 0, 0);
}

void *memcpy(void *to, const void *from, unsigned count)
{
    char *t = to;
    const char *f = from;
    while (count--)
        *t++ = *f++;
    return to;
}

void *memset(void *to, int value, unsigned count)
{
    char *t = to;
    while (count--)
        *t++ = (char)value;
    return to;
}

/* 64-bit shifts that gcc calls for with -Os: by halves, so that they do not call themselves. */
union halves {
    unsigned long long whole;
    struct {
        unsigned low, high;
    };
};

unsigned long long __ashldi3(unsigned long long value, int count)
{
    union halves v = {value};
    if (count >= 32) {
        v.high = v.low << (count - 32);
        v.low = 0;
    } else if (count > 0) {
        v.high = v.high << count | v.low >> (32 - count);
        v.low <<= count;
    }
    return v.whole;
}

unsigned long long __lshrdi3(unsigned long long value, int count)
{
    union halves v = {value};
    if (count >= 32) {
        v.low = v.high >> (count - 32);
        v.high = 0;
    } else if (count > 0) {
        v.low = v.low >> count | v.high << (32 - count);
        v.high >>= count;
    }
    return v.whole;
}

long long __ashrdi3(long long value, int count)
{
    union halves v = {(unsigned long long)value};
    int high = (int)v.high;
    if (count >= 32) {
        v.low = (unsigned)(high >> (count - 32));
        v.high = (unsigned)(high >> 31);
    } else if (count > 0) {
        v.low = v.low >> count | v.high << (32 - count);
        v.high = (unsigned)(high >> count);
    }
    return (long long)v.whole;
}
