/*
 * keep [rounds]: numbers in pages 4 MB apart, more than there are pinned page tables for, in the
 * registers and on the stack; each round changes all of them. Prints a checksum, which is the same
 * whatever happens to the pages meanwhile.
 */
#include <generated/library-calls.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define AREA 0x20000000u
#define STRIDE 0x00400000u
#define COUNT 64u
#define STEPS 400u

static uint32_t *number(uint32_t i)
{
    return (uint32_t *)(AREA + i * STRIDE + i * 4);
}

static uint32_t mix(uint32_t value)
{
    for (uint32_t i = 0; i < STEPS; i++)
        value = value * 1664525u + 1013904223u;
    return value;
}

int main(int argc, char **argv)
{
    uint32_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
    uint32_t sum = 1;

    if (!exo_page_map((void *)AREA, COUNT * (STRIDE / 4096), EXO_PROT_READ | EXO_PROT_WRITE))
        return 1;
    for (uint32_t round = 0; round < rounds; round++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            sum = mix(sum ^ *number(i));
            *number(i) += sum;
        }
        if (round == 0)
            printf("keep: begun\n");
    }
    printf("keep: checksum %08x\n", sum);
    return 0;
}
