/*
 * swapd [FREE]: a swap server (SOSP'95 section 3.4), an environment like any other. Whoever is told
 * in an emergency to submit itself to it sends it control of itself (swap.h); swapd stops it, writes
 * its pages to the extent that it was lent and frees them. It brings an environment back when asked
 * by the machine owner, its parent or a controller, or when FREE pages (256 when not said) would be
 * left free. Holds no capability but those that it is sent and lent.
 */
#include "swapd.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FREE_PAGES 256
#define STAY_TICKS 64 /* at least, unless it is asked for */
#define LOOK_TICKS 4
#define DEFAULT_POLICY_OFF ((uint32_t(*)(uint32_t))EXO_REVOKE_IGNORE)

static struct client clients[AEGIS_ENV_COUNT]; /* by slot, so that nobody takes another's place */
static uint32_t keep_free = FREE_PAGES;

/* Only in an emergency: otherwise the disk would be anybody's to fill. */
static void submit(const struct exo_message *message)
{
    uint32_t slot = slot_of(message->sender);
    const volatile struct aegis_env *record = tables_alive(message->sender);
    struct client *client = &clients[slot];

    if (!record || record->revoke_stage == AEGIS_REVOKE_NONE
        || record->revoke_kind != AEGIS_KIND_ENV)
        return;
    struct aegis_capability control = {
        .name = AEGIS_KIND_ENV << 24 | slot,
        .rights = AEGIS_RIGHT_CONTROL << 24 | (record->epoch & 0xffffff),
        .tag = { message->words[1], message->words[2] },
    };
    uint32_t mapping = SWAP_MAPPING(message->words[0]), word = SWAP_WORD(message->words[0]);
    if (mapping >= AEGIS_GUARANTEED_COUNT || record->guaranteed[mapping] != 0
        || word > AEGIS_PAGE_SIZE - 4 || word % 4 != 0 || aegis_bind(&control, 0) < 0)
        return;
    client_look_after(client);
    if (client->state != CLIENT_NONE && client->envid != message->sender)
        client_forget(client); /* who had the slot before is dead */
    if (client->state != CLIENT_NONE)
        return;
    client->envid = message->sender;
    client->state = CLIENT_SUBMITTED;
    client->mapping = mapping;
    client->word = word;
    client->is_wanted = false;
}

static void want(const struct exo_message *message)
{
    const volatile struct aegis_env *asking = tables_alive(message->sender);
    const volatile struct aegis_env *record = tables_alive(message->words[1]);

    if (asking && record
        && (asking->privileges || record->parent == asking->id
            || (record->controllers & asking->slot_mask))
        && clients[slot_of(record->id)].envid == record->id)
        clients[slot_of(record->id)].is_wanted = true;
}

static void serve(const struct exo_message *message)
{
    if ((message->words[0] & SWAP_OPERATION) == SWAP_SUBMIT)
        submit(message);
    else if ((message->words[0] & SWAP_OPERATION) == SWAP_RETURN)
        want(message);
}

static void stop_all(void)
{
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++)
        if (clients[slot].state == CLIENT_SUBMITTED)
            client_stop(&clients[slot]);
}

void attend(void)
{
    struct exo_message message;

    while (exo_receive(&message, exo_ticks()))
        serve(&message);
    stop_all();
}

static void look(struct client *client)
{
    uint32_t free_count = tables_header()->free_count;

    if (client->state == CLIENT_NONE)
        return;
    client_look_after(client);
    if (!tables_alive(client->envid)) {
        client_forget(client);
        return;
    }
    if (client->state == CLIENT_STOPPED)
        client_take_out(client);
    if (client->state == CLIENT_OUT
        && (client->is_wanted
            || (exo_ticks() - client->since >= STAY_TICKS && free_count > keep_free
                && free_count - keep_free > client->count)))
        client_bring_in(client);
}

int main(int argc, char **argv)
{
    struct exo_message message;
    char *end = "";

    if (argc > 1)
        keep_free = strtoul(argv[1], &end, 10);
    if (argc > 2 || *end) {
        printf("usage: swapd [FREE]\n");
        return 2;
    }
    exo_on_revoke(DEFAULT_POLICY_OFF); /* names of pages are all that it works with */
    uint32_t places = tables_map() ? store_open() : 0;
    if (places == 0) {
        printf("swapd: I was lent no disk extent\n");
        return 1;
    }
    printf("swapd: room for %u pages\n", places);
    for (;;) {
        bool is_coming = exo_receive(&message, exo_ticks() + LOOK_TICKS);
        if (is_coming)
            serve(&message);
        stop_all();
        for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++)
            look(&clients[slot]);
    }
}
