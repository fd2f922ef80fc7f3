/*
 * touch sparse|dense [rounds]: 512 pages, each read, write-protected, allowed again and written in turn, as a collector
 * does, round after round, in an address space of one of two shapes. sparse: one page in every 1 MB; a linear page table
 * needs a page of its own for every four of them and takes misses on the table itself, an inverted one does not care.
 * dense: one contiguous area; a linear table is two loads, and a hash is work. Every word is verified. A host measures
 * between touch_begin and touch_end: the rounds after the first, when all pages exist.
 */
#include <generated/library-calls.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE_SIZE 4096u
#define PAGE_COUNT 512u
#define AREA 0x20000000u
#define SPARSE_STRIDE 0x00100000u

static uint32_t __attribute__((noinline)) touch_all(uint32_t stride, uint32_t value)
{
    uint32_t wrong = 0;

    for (uint32_t i = 0; i < PAGE_COUNT; i++) {
        volatile uint32_t *word = (volatile uint32_t *)(AREA + i * stride + (i % 1024) * 4);
        void *page = (void *)(AREA + i * stride);
        if (*word != (value ? i + value : 0))
            wrong++;
        if (exo_page_protect(page, 1, EXO_PROT_READ) < 0
            || exo_page_protect(page, 1, EXO_PROT_READ | EXO_PROT_WRITE) < 0)
            wrong++;
        *word = i + value + 1;
    }
    return wrong;
}

int main(int argc, char **argv)
{
    int is_sparse = argc > 1 && strcmp(argv[1], "sparse") == 0;
    uint32_t rounds = argc > 2 ? (uint32_t)atoi(argv[2]) : 20;

    if (argc < 2 || (!is_sparse && strcmp(argv[1], "dense") != 0)) {
        printf("usage: touch sparse|dense [rounds]\n");
        return 2;
    }
    uint32_t stride = is_sparse ? SPARSE_STRIDE : PAGE_SIZE;
    uint32_t span = ((PAGE_COUNT - 1) * stride + PAGE_SIZE) / PAGE_SIZE;
    if (!exo_page_map((void *)AREA, span, EXO_PROT_READ | EXO_PROT_WRITE)) {
        printf("touch: cannot map the area\n");
        return 1;
    }
    uint32_t wrong = touch_all(stride, 0);
    __asm__ volatile(".globl touch_begin\ntouch_begin:" : : : "memory");
    for (uint32_t round = 1; round <= rounds; round++)
        wrong += touch_all(stride, round);
    __asm__ volatile(".globl touch_end\ntouch_end:" : : : "memory");
    printf("touched %u pages %s, %u rounds, %s\n", PAGE_COUNT, argv[1], rounds,
           wrong == 0 ? "verified" : "WRONG");
    return wrong == 0 ? 0 : 1;
}
