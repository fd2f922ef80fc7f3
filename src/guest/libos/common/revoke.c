/*
 * Answering Aegis: pending upcalls, the policy of giving pages back, repossession. The exported
 * record of the environment says what is open, so that a bit set between two looks is never lost.
 * Policy: first the program's own, then clean program pages, then an honest no. A dirty page taken
 * by force ends the program, unless it has asked to be told. In an emergency: submit (swap.c).
 */
#include "process.h"
#include "table.h"
#include <generated/library-calls.h>

#define LOST_MAX 512

static uint32_t (*policy)(uint32_t wanted);
static void (*repossession_handler)(uint32_t address);
static uint32_t repossessed_seen;
static bool is_serving;
static uint32_t lost[LOST_MAX];
static uint32_t lost_count;

void *exo_on_revoke(uint32_t (*new_policy)(uint32_t wanted))
{
    void *old = (void *)policy;

    policy = new_policy;
    return old;
}

void *exo_on_repossession(void (*handler)(uint32_t address))
{
    void *old = (void *)repossession_handler;

    repossession_handler = handler;
    return old;
}

/* Slices, but for one, go at once; what else we have, we need. */
static void answer_other(const volatile struct aegis_env *record, uint32_t wanted)
{
    const volatile struct aegis_slices *slices =
        (const volatile struct aegis_slices *)(EXPORT_VIEW + AEGIS_EXPORT_SLICES);

    if (record->revoke_kind == AEGIS_KIND_SLICE)
        for (uint32_t i = 0; i < AEGIS_SLICE_COUNT && wanted > 0 && record->slice_count > 1; i++)
            if (slices->owner[i] == UPAGE->envid && aegis_slice_free(i) == 0)
                wanted--;
    if (wanted > 0 && record->revoke_stage == AEGIS_REVOKE_ASKED)
        aegis_revoke_refuse();
}

static void answer(const volatile struct aegis_env *record)
{
    uint32_t wanted = record->revoke_count;
    uint32_t given = 0;

    if ((uint32_t)policy == EXO_REVOKE_IGNORE)
        return;
    if (record->revoke_kind == AEGIS_KIND_ENV) {
        if (process_names_held > 0 || UPAGE_WORD(U_CALLEE) != 0)
            UPAGE->pending |= AEGIS_PENDING_EMERGENCY; /* not now, but soon */
        else
            swap_submit(UPAGE->revoke_server);
        return;
    }
    if (record->revoke_kind != AEGIS_KIND_PAGE) {
        answer_other(record, wanted);
        return;
    }
    if (policy) {
        uint32_t before = record->page_count;
        call_handler(wanted, 0, 0, (handler *)policy);
        uint32_t after = record->page_count;
        given = before > after ? before - after : 0;
    }
    if (given < wanted)
        given += memory_give_clean(wanted - given);
    memory_counts.given_up += given;
    if (given < wanted && record->revoke_stage == AEGIS_REVOKE_ASKED)
        aegis_revoke_refuse();
}

/* A page that was taken: gone from the page table; noted, when it held data. */
static void forget(uint32_t page)
{
    bool is_clean = false;

    memory_counts.repossessed++;
    if (table_lost_page(page)) {
        process_complain("a page of the page table was repossessed");
        process_end(STATUS_LIBOS);
    }
    uint32_t address = memory_lost_page(page, &is_clean);
    if (address && !is_clean && lost_count < LOST_MAX)
        lost[lost_count++] = address;
}

void pending_repossession(void)
{
    while (repossessed_seen != UPAGE->repossessed_count) {
        uint32_t name = UPAGE->repossessed[repossessed_seen++ % 512];
        if (name >> 24 == AEGIS_KIND_PAGE)
            forget(name & 0xffffff);
    }
}

/*
 * Tells the program, whose own code may have been among the pages: only when the table is right
 * again.
 */
static void tell_losses(void)
{
    while (lost_count > 0) {
        uint32_t address = lost[--lost_count];
        if (!repossession_handler) {
            process_complain("a page with data was repossessed");
            process_end(STATUS_LIBOS);
        }
        call_handler(address, 0, 0, (handler *)repossession_handler);
    }
}

void pending(void)
{
    const volatile struct aegis_env *record = memory_env_record(UPAGE->envid);

    UPAGE->pending = 0;
    if (is_serving)
        return;
    is_serving = true;
    pending_repossession();
    tell_losses();
    if (record->revoke_stage != AEGIS_REVOKE_NONE)
        answer(record);
    is_serving = false;
}
