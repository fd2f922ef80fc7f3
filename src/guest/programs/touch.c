/*
 * touch sparse|dense [rounds]: 512 pages, one word each read and written round after round, in an
 * address space of one of two shapes, both of which Aegis's software TLB cannot hold, so that the
 * library OS's page table is asked every time. sparse: one page in every 1 MB; a linear page table
 * needs a page of its own for every four of them and takes misses on the table itself, an inverted
 * one does not care. dense: two contiguous areas, 16 MB apart, in turn, as when one is copied to
 * the other; a linear table is two loads, a hash is work, and may collide. Every word is verified.
 * A host measures between the marks (bench.h): the rounds after the first, when all pages
 * exist.
 */
#include <bench.h>
#include <generated/library-calls.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE_SIZE 4096u
#define PAGE_COUNT 512u
#define ROUNDS_MAX 100000u
#define AREA 0x20000000u
#define SPARSE_STRIDE 0x00100000u
#define DENSE_DISTANCE 0x01000000u

static uint32_t sparse_address(uint32_t i)
{
    return AREA + i * SPARSE_STRIDE;
}

static uint32_t dense_address(uint32_t i)
{
    return AREA + (i & 1) * DENSE_DISTANCE + (i >> 1) * PAGE_SIZE;
}

static inline __attribute__((always_inline)) uint32_t touch_all(uint32_t (*address)(uint32_t),
                                                                uint32_t value)
{
    uint32_t wrong = 0;

    for (uint32_t i = 0; i < PAGE_COUNT; i++) {
        volatile uint32_t *word = (volatile uint32_t *)(address(i) + i * 4);
        if (*word != (value ? i + value : 0))
            wrong++;
        *word = i + value + 1;
    }
    return wrong;
}

static uint32_t __attribute__((noinline)) touch_sparse(uint32_t value)
{
    return touch_all(sparse_address, value);
}

static uint32_t __attribute__((noinline)) touch_dense(uint32_t value)
{
    return touch_all(dense_address, value);
}

int main(int argc, char **argv)
{
    int is_sparse = argc > 1 && strcmp(argv[1], "sparse") == 0;
    uint32_t rounds = 20;

    if (argc < 2 || (!is_sparse && strcmp(argv[1], "dense") != 0) || argc > 3
        || (argc > 2 && !parse_count(argv[2], 0, ROUNDS_MAX, &rounds))) {
        printf("usage: touch sparse|dense [0-%u rounds]\n", ROUNDS_MAX);
        return 2;
    }
    uint32_t (*touch)(uint32_t value) = is_sparse ? touch_sparse : touch_dense;
    uint32_t last = is_sparse ? sparse_address(PAGE_COUNT - 1) : dense_address(PAGE_COUNT - 1);
    uint32_t span = (last - AREA) / PAGE_SIZE + 1;
    if (!exo_page_map((void *)AREA, span, EXO_PROT_READ | EXO_PROT_WRITE)) {
        printf("touch: cannot map the area\n");
        return 1;
    }
    uint32_t wrong = touch(0);
    bench_begin(BENCH_TOUCH);
    for (uint32_t round = 1; round <= rounds; round++)
        wrong += touch(round);
    bench_end(BENCH_TOUCH);
    printf("touched %u pages %s, %u rounds, %s\n", PAGE_COUNT, argv[1], rounds,
           wrong == 0 ? "verified" : "WRONG");
    return wrong == 0 ? 0 : 1;
}
