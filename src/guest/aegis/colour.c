/*
 * The colour map: 256 colours that all tiles share. Each entry has an owner of its own, so that who
 * owns the colours that it draws in can rely on them, whatever else is on the screen. An entry
 * without owner has its usual colour, which its number spells: three bits of red, three of green, two
 * of blue. Changing a colour is a call, for the registers of all entries lie in one page.
 */
#include "aegis.h"

static void show(uint32_t entry, uint32_t value)
{
    colour_map[entry].value = value;
    board.screen->select(entry);
    *board.screen->colour = value >> 16 & 0xff;
    *board.screen->colour = value >> 8 & 0xff;
    *board.screen->colour = value & 0xff;
}

static void show_usual(uint32_t entry)
{
    uint32_t red = entry >> 5, green = (entry >> 2) & 7, blue = entry & 3;
    show(entry, (red << 5 | red << 2 | red >> 1) << 16 |
                    (green << 5 | green << 2 | green >> 1) << 8 | blue * 0x55);
}

void colour_init(void)
{
    for (uint32_t entry = 0; entry < AEGIS_COLOUR_COUNT; entry++)
        show_usual(entry);
}

static void drop(uint32_t entry)
{
    colour_map[entry].owner = 0;
    colour_map[entry].readers = colour_map[entry].writers = 0;
    colour_map[entry].epoch++;
    show_usual(entry);
}

uint32_t colour_count(void)
{
    return header->tile_count == 0 ? 0 : AEGIS_COLOUR_COUNT;
}

int32_t call_colour_alloc(uint32_t entry)
{
    if (entry >= colour_count())
        return -E_RANGE;
    if (colour_map[entry].owner != 0)
        return -E_BUSY;
    colour_map[entry].owner = current_env->id;
    colour_map[entry].readers = colour_map[entry].writers = current_env->slot_mask;
    capability_make(&kernel_state.result, AEGIS_KIND_COLOUR, entry,
                    AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE);
    return (int32_t)entry;
}

int32_t call_colour_free(uint32_t entry)
{
    if (entry >= colour_count())
        return -E_RANGE;
    if (colour_map[entry].owner != current_env->id)
        return -E_OWNER;
    drop(entry);
    revoke_answered(current_env, AEGIS_KIND_COLOUR);
    return 0;
}

int32_t call_colour_set(uint32_t entry, uint32_t value)
{
    if (entry >= colour_count() || value > 0xffffff)
        return -E_RANGE;
    if ((colour_map[entry].writers & current_env->slot_mask) == 0)
        return -E_RIGHTS;
    show(entry, value);
    return 0;
}

void colour_forget(const struct aegis_env *env)
{
    for (uint32_t entry = 0; entry < colour_count(); entry++) {
        colour_map[entry].readers &= ~env->slot_mask;
        colour_map[entry].writers &= ~env->slot_mask;
        if (colour_map[entry].owner == env->id)
            drop(entry);
    }
}

static uint32_t held(const struct aegis_env *env)
{
    uint32_t count = 0;
    for (uint32_t entry = 0; entry < colour_count(); entry++)
        count += colour_map[entry].owner == env->id;
    return count;
}

static uint32_t take_back(struct aegis_env *env, uint32_t from)
{
    for (uint32_t entry = from; entry < colour_count(); entry++) {
        if (colour_map[entry].owner != env->id)
            continue;
        drop(entry);
        return entry;
    }
    return AEGIS_ANY;
}

const struct revocable colour_revocable = {held, take_back};
