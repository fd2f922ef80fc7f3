/*
 * crash load|store|unaligned|overflow|break|jump: does it, for tests of what becomes of a program
 * that does.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Addresses that the compiler cannot see through. */
static volatile uintptr_t nowhere = 16;
static volatile uintptr_t text = (uintptr_t)0x00400000;

int main(int argc, char **argv)
{
    const char *kind = argc > 1 ? argv[1] : "";

    if (strcmp(kind, "load") == 0)
        printf("%u\n", *(volatile uint32_t *)nowhere);
    else if (strcmp(kind, "store") == 0)
        *(volatile uint32_t *)text = 1;
    else if (strcmp(kind, "unaligned") == 0)
        printf("%u\n", *(volatile uint32_t *)(text + 2));
    else if (strcmp(kind, "overflow") == 0)
        __asm__ volatile("lui $8, 0x7fff\n lui $9, 0x7fff\n add $8, $8, $9" : : : "$8", "$9");
    else if (strcmp(kind, "break") == 0)
        __asm__ volatile("break");
    else if (strcmp(kind, "jump") == 0)
        ((void (*)(void))(nowhere + 0x20000000))();
    else
        printf("usage: crash load|store|unaligned|overflow|break|jump\n");
    return 2;
}
