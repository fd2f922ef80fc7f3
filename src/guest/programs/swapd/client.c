/*
 * One environment out and in again. Every call about it is one that its controller may make; when
 * one is refused, the environment has died, or was never what it said it was, and is forgotten.
 */
#include "swapd.h"
#include <stdio.h>
#include <stddef.h>

#define FAILED_STATUS 137

/* New names, in the order of the old ones, of the environment that is being brought in. */
static uint16_t fresh[SWAP_PAGES_MAX];

void client_report(const struct client *client, const char *what)
{
    printf("swapd: %08x: %u pages %s\n", client->envid, client->count, what);
}

static uint32_t upage_of(const struct aegis_env *record)
{
    return record->upage % 0x20000000u / AEGIS_PAGE_SIZE;
}

void client_forget(struct client *client)
{
    for (uint32_t i = 0; i < client->count; i++)
        if (client->place[i] != 0xffff)
            store_give(client->place[i]);
    client->count = 0;
    client->state = CLIENT_NONE;
}

/* It cannot go on without what the disk has lost. */
static void give_up(struct client *client, const char *why)
{
    client_report(client, why);
    aegis_env_destroy(client->envid, FAILED_STATUS);
    client_forget(client);
}

/* Its pages, in the order of their names, and a place for each; false when there are too many. */
static bool list_pages(struct client *client)
{
    uint32_t pages = tables_header()->page_count;

    client->count = 0;
    if (tables_env(slot_of(client->envid))->page_count > SWAP_PAGES_MAX
        || tables_env(slot_of(client->envid))->page_count > store_free_count())
        return false;
    for (uint32_t page = 0; page < pages && client->count < SWAP_PAGES_MAX; page++) {
        if (tables_page(page)->owner != client->envid)
            continue;
        client->name[client->count] = (uint16_t)page;
        client->place[client->count++] = (uint16_t)store_take();
    }
    return true;
}

/*
 * Stops it once it waits as agreed. The FPU's registers go to its save area when we take the FPU.
 * What it still has under way on the disk is waited for.
 */
void client_stop(struct client *client)
{
    const volatile struct aegis_env *record = tables_alive(client->envid);

    if (!record) {
        client->state = CLIENT_NONE;
        return;
    }
    if (record->state != AEGIS_ENV_WAITING || record->wait_address != record->upage + client->word)
        return;
    if (tables_header()->fpu_owner == client->envid) {
        aegis_fpu_mod(1);
        aegis_fpu_mod(0);
    }
    client->saved = *record;
    if (!list_pages(client)) {
        client_report(client, "have no room on the disk");
        client_forget(client);
        return;
    }
    int result = aegis_env_set(client->envid, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0);
    if (result == 0) {
        client->state = CLIENT_STOPPED;
        return;
    }
    client_forget(client);
    if (result == -E_BUSY)
        client->state = CLIENT_SUBMITTED; /* again, soon */
}

static int index_of(const struct client *client, uint32_t page)
{
    for (uint32_t i = 0; i < client->count; i++)
        if (client->name[i] == page)
            return (int)i;
    return -1;
}

static void unpin(struct client *client)
{
    for (uint32_t n = 0; n < AEGIS_GUARANTEED_COUNT; n++)
        if (client->saved.guaranteed[n] != 0
            && index_of(client, client->saved.guaranteed[n] >> 12) >= 0)
            aegis_env_set(client->envid, AEGIS_FIELD_GUARANTEED + n, 0, 0);
}

static uint32_t batch(const struct client *client, uint32_t from)
{
    return client->count - from < STORE_BATCH ? client->count - from : STORE_BATCH;
}

/* All or none become ours; none when their owner has died. */
static bool take_pages(const uint16_t *page, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        int result;
        while ((result = aegis_page_give(page[i], exo_envid())) == -E_BUSY)
            exo_sleep(1); /* a transfer of somebody to whom it is lent */
        if (result >= 0)
            continue;
        while (i > 0)
            aegis_page_free(page[--i]);
        return false;
    }
    return true;
}

void client_take_out(struct client *client)
{
    unpin(client);
    for (uint32_t i = 0; i < client->count; i += STORE_BATCH) {
        uint32_t count = batch(client, i);
        if (!take_pages(client->name + i, count)) {
            client_forget(client);
            return;
        }
        bool is_written = store_transfer(true, client->place + i, client->name + i, count);
        for (uint32_t k = 0; k < count; k++)
            aegis_page_free(client->name[i + k]);
        if (!is_written) {
            give_up(client, "could not be written");
            return;
        }
    }
    client->state = CLIENT_OUT;
    client->since = exo_ticks();
    client_report(client, "are out");
}

/* A page for the content of another: the same, or one of its cache colour, or any. */
static int new_page(uint32_t old)
{
    int page = aegis_page_alloc(old, 0);

    if (page < 0)
        page = aegis_page_alloc_colour(old % tables_header()->page_color_count, 0);
    return page < 0 ? aegis_page_alloc(AEGIS_ANY, 0) : page;
}

static void free_fresh(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        aegis_page_free(fresh[i]);
}

static bool allocate(const struct client *client)
{
    for (uint32_t i = 0; i < client->count; i++) {
        int page = new_page(client->name[i]);
        if (page < 0) {
            free_fresh(i);
            return false;
        }
        fresh[i] = (uint16_t)page;
    }
    return true;
}

/* What it finds when it runs again: the list of moves, and in its upage the word. */
static bool write_list(const struct client *client, uint32_t list)
{
    int upage = index_of(client, upage_of(&client->saved));
    uint32_t *moves = exo_page_map_physical(list, EXO_PROT_READ | EXO_PROT_WRITE);
    uint8_t *page = exo_page_map_physical(fresh[upage], EXO_PROT_READ | EXO_PROT_WRITE);

    if (moves && page) {
        for (uint32_t i = 0; i < client->count; i++)
            moves[i] = (uint32_t)client->name[i] << 16 | fresh[i];
        *(volatile uint32_t *)(void *)(page + client->word) = client->count;
    }
    if (moves)
        exo_page_unmap(moves, 1);
    if (page)
        exo_page_unmap(page, 1);
    return moves && page;
}

/*
 * Gives it its pages and its contexts, and lets it run. The list stays ours, for it would count among
 * its pages; what pages it may own at most is as it was.
 */
static bool restore(const struct client *client)
{
    const struct aegis_env *saved = &client->saved;
    struct aegis_capability reading;
    uint32_t envid = client->envid;
    int upage = index_of(client, upage_of(saved));
    int result = 0;

    for (uint32_t i = 0; i < client->count; i++)
        result |= aegis_page_give(fresh[i], envid);
    result |= aegis_env_set(envid, AEGIS_FIELD_PAGE_LIMIT, saved->page_limit, 0);
    result |= aegis_mint(AEGIS_KIND_PAGE, client->list, AEGIS_RIGHT_READ, &reading);
    result |= aegis_bind(&reading, envid) < 0;
    result |= aegis_env_set(envid, AEGIS_FIELD_UPAGE, fresh[upage], 0);
    for (uint32_t n = 0; n < AEGIS_GUARANTEED_COUNT; n++) {
        int i = index_of(client, saved->guaranteed[n] >> 12);
        if (saved->guaranteed[n] != 0 && i >= 0)
            result |= aegis_env_set(envid, AEGIS_FIELD_GUARANTEED + n,
                                    (uint32_t)fresh[i] << 12 | (saved->guaranteed[n] & 4095), 0);
    }
    result |= aegis_env_set(envid, AEGIS_FIELD_GUARANTEED + client->mapping,
                            client->list << 12 | AEGIS_ENTRYLO_VALID, 0);
    for (uint32_t cause = 0; cause < AEGIS_CAUSE_COUNT; cause++)
        if (saved->exceptions[4 * cause] < 0x80000000u && saved->exceptions[4 * cause] != 0)
            result |= aegis_env_set(envid, AEGIS_FIELD_EXCEPTION + cause,
                                    saved->exceptions[4 * cause],
                                    saved->exceptions[4 * cause + 1] - saved->upage);
    if (saved->fpu_save)
        result |= aegis_env_set(envid, AEGIS_FIELD_FPU, saved->fpu_save - saved->upage, 0);
    result |= aegis_env_set(envid, AEGIS_FIELD_RUN, 0, 0);
    return result == 0;
}

void client_look_after(struct client *client)
{
    const volatile struct aegis_env *record = tables_alive(client->envid);

    if (client->state == CLIENT_IN
        && (!record || record->guaranteed[client->mapping] >> 12 != client->list)) {
        aegis_page_free(client->list);
        client->state = CLIENT_NONE;
    }
}

bool client_bring_in(struct client *client)
{
    int list = aegis_page_alloc(AEGIS_ANY, 0);

    if (list < 0)
        return false;
    if (!allocate(client)) {
        aegis_page_free((uint32_t)list);
        return false;
    }
    for (uint32_t i = 0; i < client->count; i += STORE_BATCH) {
        uint32_t count = batch(client, i);
        if (!store_transfer(false, client->place + i, fresh + i, count)) {
            free_fresh(client->count);
            aegis_page_free((uint32_t)list);
            give_up(client, "could not be read");
            return true;
        }
        for (uint32_t k = 0; k < count; k++)
            aegis_cache_flush((uint32_t)fresh[i + k] * AEGIS_PAGE_SIZE, AEGIS_PAGE_SIZE);
    }
    client->list = (uint32_t)list;
    if (write_list(client, (uint32_t)list) && restore(client)) {
        client_report(client, "are in again");
        client_forget(client);
        client->state = CLIENT_IN;
        return true;
    }
    free_fresh(client->count); /* those that are still ours */
    aegis_page_free((uint32_t)list);
    give_up(client, "cannot be given back");
    return true;
}
