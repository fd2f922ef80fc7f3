/*
 * The address space of the process: regions (what may be there), physical pages (chosen by cache
 * colour and name), and the fault path that brings the two together through the page table
 * (table.h).
 */
#ifndef LIBOS_MEMORY_H
#define LIBOS_MEMORY_H

#include "layout.h"
#include <generated/abi-calls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMORY_ANY_COLOUR 0xffffffffu

/* Registers of interrupted code, as trap_to_c lays them out (layout.h, T_*). */
struct trap_frame {
    uint32_t r[32];
    uint32_t hi;
    uint32_t lo;
    uint32_t pc;
    uint32_t address;
    uint32_t cause; /* MIPS Cause; of the TLB's exceptions only the ExcCode in it */
};

/* What may be between two page-aligned addresses. File data ends at file_high, zeros follow. */
struct region {
    uint32_t low;
    uint32_t high;
    uint32_t file_high; /* low when there is no file behind it */
    uint32_t file_offset; /* of low */
    bool is_writable;
    bool is_screen; /* tiles of the frame buffer, of which the first is at low */
    uint32_t first_tile;
};

struct memory_counts {
    uint32_t faults;
    uint32_t given_up;
    uint32_t repossessed;
};

extern struct memory_counts memory_counts;

static inline uint32_t memory_any_colour(void)
{
    return MEMORY_ANY_COLOUR;
}

/*
 * A physical page of a cache colour (or any); its number, or a negated error. Its content is
 * unknown.
 */
int memory_page_alloc(uint32_t colour);

/* True when Aegis has cleared a page of ours, because it last belonged to another. */
bool memory_page_is_clear(uint32_t page);

/* 4096 bytes of zeros. */
void memory_clear(void *page);

/* Adds a region; -1 when it overlaps another or there is no room. */
int memory_add(const struct region *region);
struct region *memory_find(uint32_t address);
/* The region that begins at an address, empty or not. */
struct region *memory_find_low(uint32_t low);

/*
 * Resolves a TLB exception: 1. 0: the program has no business there. -1: it has, but there is no
 * memory.
 */
int memory_fault(uint32_t address, uint32_t code);

/* Frees the pages in a range; returns how many. */
uint32_t memory_release(uint32_t low, uint32_t high);

/* Gives pages whose content can be had again; returns how many. */
uint32_t memory_give_clean(uint32_t wanted);

/* Forgets a page that was taken by force; its address, or 0 when nothing was mapped to it. */
uint32_t memory_lost_page(uint32_t page, bool *is_clean);

/* Physical address behind a library or program address that is mapped now. */
uint32_t memory_physical(const void *address);

static inline const struct aegis_header *memory_header(void)
{
    return (const struct aegis_header *)(EXPORT_VIEW + AEGIS_EXPORT_HEADER);
}

static inline const struct aegis_page *memory_page_record(uint32_t page)
{
    return (const struct aegis_page *)(EXPORT_VIEW + AEGIS_EXPORT_PAGES) + page;
}

static inline const struct aegis_env *memory_env_record(uint32_t envid)
{
    return (const struct aegis_env *)(EXPORT_VIEW + AEGIS_EXPORT_ENVIRONMENTS) + (envid & 255);
}

#endif
