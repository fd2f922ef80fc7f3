/*
 * Bindings that reach further than usual: to pages of environments that are neither the binder's
 * parent nor its child nor the machine owner, and packet filters that may claim what is another's.
 * Their owners gave capabilities for it, so these are reported and nothing is done.
 */
#include "sentinel.h"

struct strangers {
    uint32_t readable, writable, page;
};

static struct strangers strangers[AEGIS_ENV_COUNT];
static uint32_t reported[AEGIS_ENV_COUNT][2]; /* envid, pages */
static uint32_t overlaps[AEGIS_FILTER_COUNT]; /* order of the filter when it was reported */

static bool is_kin(const volatile struct aegis_env *env, uint32_t owner)
{
    const volatile struct aegis_env *other = tables_env(owner & (AEGIS_ENV_COUNT - 1));

    return owner == env->id || owner == env->parent || other->id != owner || other->privileges
           || other->parent == env->id;
}

static void count(const volatile struct aegis_page *record, uint32_t page)
{
    uint32_t slots = record->readers | record->writers;
    uint32_t owner = record->owner;

    if (owner == AEGIS_OWNER_FREE || owner == AEGIS_OWNER_KERNEL)
        return;
    slots &= ~(1u << (owner & (AEGIS_ENV_COUNT - 1)));
    for (uint32_t slot = 0; slots; slot++, slots >>= 1) {
        if (!(slots & 1) || is_kin(tables_env(slot), owner))
            continue;
        strangers[slot].readable++;
        strangers[slot].writable += record->writers >> slot & 1;
        strangers[slot].page = page;
    }
}

void bindings_look(void)
{
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++)
        strangers[slot] = (struct strangers){ 0, 0, 0 };
    for (uint32_t page = 0; page < tables_header()->page_count; page++)
        count(tables_page(page), page);
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        const volatile struct aegis_env *env = tables_env(slot);
        const struct strangers *found = &strangers[slot];
        if (reported[slot][0] != env->id) {
            reported[slot][0] = env->id;
            reported[slot][1] = 0;
        }
        if (!tables_is_watched(env) || found->readable <= limits.bindings
            || found->readable <= reported[slot][1])
            continue;
        reported[slot][1] = found->readable;
        finding(env->id, "is bound to %u pages of strangers, %u for writing; page %u is %08x's",
                found->readable, found->writable, found->page, tables_page(found->page)->owner);
    }
}

/* True when no packet fits both: conditions before any shift that contradict each other. */
static bool is_disjoint(uint32_t one, uint32_t two)
{
    const volatile struct aegis_atom *a = tables_atoms(one), *b = tables_atoms(two);

    for (uint32_t i = 0; i < tables_filter(one)->atom_count && a[i].op == AEGIS_ATOM_EQUAL; i++)
        for (uint32_t k = 0; k < tables_filter(two)->atom_count && b[k].op == AEGIS_ATOM_EQUAL; k++)
            if (a[i].offset == b[k].offset && a[i].size == b[k].size
                && ((a[i].value ^ b[k].value) & a[i].mask & b[k].mask))
                return true;
    return false;
}

void filters_look(void)
{
    for (uint32_t later = 0; later < AEGIS_FILTER_COUNT; later++) {
        const volatile struct aegis_filter *filter = tables_filter(later);
        if (!filter->owner || overlaps[later] == filter->order
            || (filter->flags & AEGIS_FILTER_LAST))
            continue;
        for (uint32_t other = 0; other < AEGIS_FILTER_COUNT; other++) {
            const volatile struct aegis_filter *earlier = tables_filter(other);
            if (!earlier->owner || earlier->owner == filter->owner
                || earlier->order >= filter->order || (earlier->flags & AEGIS_FILTER_LAST)
                || is_disjoint(later, other))
                continue;
            overlaps[later] = filter->order;
            finding(filter->owner, "has filter %u, which may claim packets of filter %u of %08x",
                    later, other, earlier->owner);
            break;
        }
    }
}
