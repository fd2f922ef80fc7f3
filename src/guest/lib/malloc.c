/*
 * malloc: one address-ordered free list with first fit and merging of neighbours, memory from the
 * library OS in steps of at least 16 KB. Blocks carry an 8-byte header with their size; everything
 * is aligned to 8.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ALIGNMENT 8u
#define GROWTH 16384u

struct block {
    uint32_t size; /* of the whole block with this header */
    struct block *next; /* while free */
};

static struct block *free_list;

static void insert(struct block *block)
{
    struct block **link = &free_list;
    struct block *before = NULL;

    while (*link && *link < block) {
        before = *link;
        link = &before->next;
    }
    block->next = *link;
    *link = block;
    if (block->next && (uint8_t *)block + block->size == (uint8_t *)block->next) {
        block->size += block->next->size;
        block->next = block->next->next;
    }
    if (before && (uint8_t *)before + before->size == (uint8_t *)block) {
        before->size += block->size;
        before->next = block->next;
    }
}

static int grow(uint32_t size)
{
    uint32_t step = size > GROWTH ? (size + 4095u) & ~4095u : GROWTH;
    struct block *block = sbrk((int)step);

    if (block == (void *)-1)
        return -1;
    block->size = step;
    insert(block);
    return 0;
}

void *malloc(size_t size)
{
    if (size > 0x70000000u)
        return NULL;
    uint32_t wanted = ((uint32_t)size + sizeof(struct block) + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    for (;;) {
        for (struct block **link = &free_list; *link; link = &(*link)->next) {
            struct block *block = *link;
            if (block->size < wanted)
                continue;
            if (block->size - wanted >= 2 * sizeof(struct block)) {
                struct block *rest = (struct block *)(void *)((uint8_t *)block + wanted);
                rest->size = block->size - wanted;
                rest->next = block->next;
                *link = rest;
                block->size = wanted;
            } else {
                *link = block->next;
            }
            return block + 1;
        }
        if (grow(wanted) < 0)
            return NULL;
    }
}

void free(void *block)
{
    if (block)
        insert((struct block *)block - 1);
}

void *calloc(size_t count, size_t size)
{
    if (size && count > 0x70000000u / size)
        return NULL;
    void *block = malloc(count * size);
    if (block)
        memset(block, 0, count * size);
    return block;
}

void *realloc(void *block, size_t size)
{
    if (!block)
        return malloc(size);
    uint32_t old = ((struct block *)block - 1)->size - sizeof(struct block);
    if (size <= old)
        return block;
    void *larger = malloc(size);
    if (larger) {
        memcpy(larger, block, old);
        free(block);
    }
    return larger;
}
