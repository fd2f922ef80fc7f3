/* Aegis's exported tables, read-only, as any environment may map them. */
#include "swapd.h"
#include <stddef.h>

#define PAGE_BYTES AEGIS_PAGE_SIZE
#define ENV_PAGES (AEGIS_ENV_COUNT * SIZEOF_ENV / PAGE_BYTES)
#define RECORD_PAGES_MAX 256 /* 128 MB */

static const uint8_t *header, *small, *envs[ENV_PAGES], *records[RECORD_PAGES_MAX];

static bool map(const uint8_t **into, uint32_t physical, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        into[i] = exo_page_map_physical(physical / PAGE_BYTES + i, EXO_PROT_READ);
        if (!into[i])
            return false;
    }
    return true;
}

bool tables_map(void)
{
    if (!map(&header, AEGIS_EXPORT_HEADER, 1) || !map(&small, AEGIS_EXPORT_SLICES, 1)
        || !map(envs, AEGIS_EXPORT_ENVIRONMENTS, ENV_PAGES))
        return false;
    uint32_t count = (tables_header()->page_count * SIZEOF_PAGE + PAGE_BYTES - 1) / PAGE_BYTES;
    return count <= RECORD_PAGES_MAX && map(records, AEGIS_EXPORT_PAGES, count);
}

const volatile struct aegis_header *tables_header(void)
{
    return (const volatile void *)header;
}

const volatile struct aegis_env *tables_env(uint32_t slot)
{
    uint32_t at = slot * SIZEOF_ENV;

    return (const volatile void *)(envs[at / PAGE_BYTES] + at % PAGE_BYTES);
}

const volatile struct aegis_page *tables_page(uint32_t page)
{
    uint32_t at = page * SIZEOF_PAGE;

    return (const volatile void *)(records[at / PAGE_BYTES] + at % PAGE_BYTES);
}

const volatile struct aegis_extent *tables_extent(uint32_t extent)
{
    return (const volatile struct aegis_extent *)(const volatile void *)(small
                                                                         + AEGIS_EXPORT_EXTENTS
                                                                               % PAGE_BYTES)
           + extent;
}

const volatile struct aegis_env *tables_alive(uint32_t envid)
{
    const volatile struct aegis_env *env = tables_env(slot_of(envid));

    return envid != 0 && env->id == envid && env->state != AEGIS_ENV_DEAD ? env : NULL;
}
