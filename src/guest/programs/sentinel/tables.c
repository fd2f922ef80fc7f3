/*
 * Aegis's exported tables, read-only, as any environment may map them. Everything that the sentinel
 * knows comes from here.
 */
#include "sentinel.h"

#define PAGE_BYTES AEGIS_PAGE_SIZE
#define ENV_PAGES (AEGIS_ENV_COUNT * SIZEOF_ENV / PAGE_BYTES)
#define FILTER_PAGES (AEGIS_FILTER_COUNT * SIZEOF_FILTER / PAGE_BYTES)
#define ATOM_BYTES (AEGIS_FILTER_ATOM_COUNT * SIZEOF_ATOM)
#define ATOM_PAGES (AEGIS_FILTER_COUNT * ATOM_BYTES / PAGE_BYTES)
#define RECORD_PAGES_MAX 256 /* 128 MB */

static const uint8_t *header, *envs[ENV_PAGES], *filters[FILTER_PAGES], *records[RECORD_PAGES_MAX];
static const uint8_t *atoms; /* at consecutive addresses, for they cross pages */

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
    const uint8_t *pages[ATOM_PAGES];

    if (!map(&header, AEGIS_EXPORT_HEADER, 1) || !map(envs, AEGIS_EXPORT_ENVIRONMENTS, ENV_PAGES)
        || !map(filters, AEGIS_EXPORT_FILTERS, FILTER_PAGES)
        || !map(pages, AEGIS_EXPORT_ATOMS, ATOM_PAGES))
        return false;
    atoms = pages[0];
    for (uint32_t i = 0; i < ATOM_PAGES; i++)
        if (pages[i] != atoms + i * PAGE_BYTES)
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

const volatile struct aegis_filter *tables_filter(uint32_t filter)
{
    uint32_t at = filter * SIZEOF_FILTER;

    return (const volatile void *)(filters[at / PAGE_BYTES] + at % PAGE_BYTES);
}

const volatile struct aegis_atom *tables_atoms(uint32_t filter)
{
    return (const volatile void *)(atoms + filter * ATOM_BYTES);
}

bool tables_is_watched(const volatile struct aegis_env *env)
{
    return env->id != 0 && env->state != AEGIS_ENV_DEAD && !env->privileges
           && env->id != exo_envid();
}
