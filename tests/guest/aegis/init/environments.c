/* Several environments: life and death, slices, excess time, transfers, revocation. */
#include "test.h"

/* Burns about so many ticks. */
static void let_pass(uint32_t ticks)
{
    const volatile struct aegis_header *header = exported_header();
    uint32_t end = header->tick_count + ticks;
    while ((int32_t)(header->tick_count - end) < 0)
        yield_to(0);
}

void test_environments(void)
{
    const volatile struct aegis_header *header = exported_header();
    uint32_t before = header->free_count, child;
    child = child_start(&(struct child_plan){.entry = child_exit, .a1 = 42, .slices = 1});
    before -= 1; /* the shared page */
    ok(exported_env(child)->parent == BOOT->envid && exported_env(child)->state == AEGIS_ENV_READY,
       "a child is ready");
    ok(child_wait(child) == AEGIS_REASON_EXIT, "it runs and exits");
    ok(header->free_count == before, "its pages are free again");
    ok(aegis_env_destroy(child, 0) == -E_ENVIRONMENT, "a dead environment cannot be destroyed");
    child = child_start(&(struct child_plan){.entry = child_fault, .slices = 1});
    ok(child_wait(child) == AEGIS_REASON_FAULT, "an exception without a handler ends it");
    child =
        child_start(&(struct child_plan){.entry = child_count, .a0 = CHILD_SHARED, .slices = 1});
    let_pass(8);
    ok(shared[0] > 1000, "a child counts");
    ok(aegis_env_destroy(child, 9) == 0 && child_wait(child) == AEGIS_REASON_KILLED,
       "its parent can destroy it");
    ok(header->free_count == before, "no page is lost");
    ok(aegis_slice_free(1) == 0 && aegis_slice_alloc(1) == 1, "its slice came back to its parent");
}

void test_slices(void)
{
    uint32_t child, other, i, sum = 0;
    child =
        child_start(&(struct child_plan){.entry = child_count, .a0 = CHILD_SHARED, .slices = 8});
    for (i = 0; i < 3000000 && exported_env(child)->tick_count < 3; i++)
        sum += i; /* preempted, never yields */
    ok(shared[0] > 1000 && exported_env(child)->tick_count >= 3,
       "slices are taken from whoever does not yield");
    ok(aegis_slice_give(3, child) == -E_OWNER, "a slice of another cannot be given away");
    i = shared[0];
    ok(yield_to(child) == 0 && shared[0] > i, "yield to a named environment runs it");
    ok(yield_to(0x77777) == -E_ENVIRONMENT, "but it must exist");
    aegis_env_destroy(child, 0);
    child_wait(child);
    for (i = 0; i < AEGIS_SLICE_COUNT; i++)
        if (i % 8 != 0)
            aegis_slice_set(i, 0);

    child = child_start(&(struct child_plan){
        .entry = child_count, .a0 = CHILD_SHARED, .slice_end = child_never_yield, .slices = 4});
    ok(child_wait(child) == AEGIS_REASON_EXCESS_TIME,
       "ignoring the end of slices ends in destruction");
    child = child_start(&(struct child_plan){
        .entry = child_count, .a0 = CHILD_SHARED, .slice_end = child_late_yield, .slices = 4});
    let_pass(40);
    ok(exported_env(child)->excess_total >= 2, "excess ticks are counted");
    ok(exported_env(child)->forfeited >= 2, "and paid with later slices");
    ok(exported_env(child)->state != AEGIS_ENV_DEAD, "a small excess does not kill");
    aegis_env_destroy(child, 0);
    child_wait(child);

    other = child_start(&(struct child_plan){.entry = child_secret, .slices = 1});
    child = child_start(&(struct child_plan){
        .entry = child_count, .a0 = CHILD_SHARED, .slice_start = child_peek_start, .slices = 0});
    aegis_slice_set(2, child); /* right behind the one with the secret */
    aegis_slice_set(4, child);
    for (i = 0; i < 6; i++) {
        yield_to(other);
        yield_to(child);
    }
    ok(shared[0] > 0 && shared[5] == 0,
       "no register of one environment reaches another through a slice");
    aegis_env_destroy(other, 0);
    child_wait(other);
    aegis_env_destroy(child, 0);
    child_wait(child);
}

void test_transfers(void)
{
    uint32_t child = child_start(
        &(struct child_plan){.entry = child_sleep, .a0 = shared_page * 4096 + 0x30, .slices = 1});
    uint32_t self = BOOT->envid, i, sum = 0;
    aegis_env_set(0, AEGIS_FIELD_SCALL, (uint32_t)scall_reply, 0);
    for (i = 0; i < 70 && exported_env(child)->state != AEGIS_ENV_WAITING; i++)
        yield_to(child);
    ok(exported_env(child)->state == AEGIS_ENV_WAITING, "the server waits");
    ok(scall_to(child, 41, self) == 42, "a synchronous transfer comes back with the answer");
    ok(exported_env(child)->caller == self, "the callee could see who called");
    for (i = 0; i < 1000; i++)
        sum += (uint32_t)scall_to(child, i, self) - i;
    ok(sum == 1000, "a thousand do");
    ok(scall_to(self, 7, self) == 7, "into oneself it is a jump to one's own entry");
    ok(scall_to(0x12345, 0, self) == -E_ENVIRONMENT, "nor into nobody");
    ok(acall_to(child) == 0, "an asynchronous transfer is accepted");
    for (i = 0; i < 8 && shared[1] != 77; i++) /* a tick may come between */
        yield_to(child);
    ok(shared[1] == 77,
       "an asynchronous transfer runs the callee, then the caller goes on");
    aegis_env_destroy(child, 0);
    child_wait(child);
    ok(scall_to(child, 0, self) == -E_ENVIRONMENT, "a destroyed server is gone");
}

#define PAGES 12u

static uint32_t start_with_pages(const struct child_plan *plan, uint32_t *list)
{
    uint32_t child = child_start(plan), i;
    for (i = 0; i < PAGES; i++) {
        list[i] = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
        aegis_page_give(list[i], child);
        shared[0x40 + i] = list[i];
    }
    shared[0x3f] = PAGES;
    return child;
}

void test_revocation(void)
{
    uint32_t list[PAGES], i, taken = 0;
    uint32_t child = start_with_pages(&(struct child_plan){.entry = child_count,
                                                           .a0 = CHILD_SHARED,
                                                           .slice_start = child_giving_start,
                                                           .slices = 4},
                                      list);
    uint32_t had = exported_env(child)->page_count;
    ok(aegis_revoke(child, AEGIS_KIND_PAGE, 5, 0) == 0, "an environment can be asked for pages");
    ok(aegis_revoke(child, AEGIS_KIND_PAGE, 5, 0) == -E_BUSY, "one request at a time");
    let_pass(40);
    ok(exported_env(child)->page_count == had - 5 &&
           exported_env(child)->revoke_stage == AEGIS_REVOKE_NONE,
       "a library that answers gives up what it chooses");
    ok(exported_env(child)->repossessed_count == 0, "nothing was taken from it");
    aegis_env_destroy(child, 0);
    child_wait(child);

    child = start_with_pages(
        &(struct child_plan){.entry = child_count, .a0 = CHILD_SHARED, .slices = 4}, list);
    had = exported_env(child)->page_count;
    ok(aegis_revoke(child, AEGIS_KIND_PAGE, had, 0) == 0, "another is asked for all it has");
    let_pass(70);
    ok(exported_env(child)->repossessed_count == PAGES,
       "it does not answer, and its pages are taken");
    ok(exported_env(child)->page_count == had - PAGES, "except the guaranteed ones");
    for (i = 0; i < PAGES; i++)
        taken += exported_page(list[i])->owner == AEGIS_OWNER_FREE;
    ok(taken == PAGES, "the pages are free");
    ok(shared[2] == PAGES, "the repossession exception told it how many");
    for (i = taken = 0; i < PAGES; i++)
        taken += shared[3] == (AEGIS_KIND_PAGE << 24 | list[i]);
    ok(taken == 1, "and the vector which");
    i = shared[0];
    let_pass(20);
    ok(shared[0] > i, "it lives on");
    aegis_env_destroy(child, 0);
    child_wait(child);
}

#ifndef ROUNDS
#define ROUNDS 40u
#endif

/* Children that make calls at random: the kernel must refuse what is not theirs, and never panic.
 */
void test_random(void)
{
    const volatile struct aegis_header *header = exported_header();
    const volatile struct aegis_env *self = exported_env(BOOT->envid);
    uint32_t round, i, before = header->free_count + self->page_count,
                       calls = header->call_count[AEGIS_CALL_PAGE_ALLOC];
    aegis_env_set(0, AEGIS_FIELD_SCALL, 0, 0); /* nobody may transfer into this one meanwhile */
    for (round = 0; round < ROUNDS; round++) {
        uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
        uint32_t child = child_start(&(struct child_plan){.entry = child_fuzz,
                                                          .a0 = 0x9e3779b9 * (round + 1),
                                                          .a1 = page,
                                                          .a3 = BOOT->envid,
                                                          .slices = 2});
        aegis_page_give(page, child);
        for (i = 0; i < 8 && exported_env(child)->state != AEGIS_ENV_DEAD; i++)
            yield_to(child);
        if (exported_env(child)->state != AEGIS_ENV_DEAD)
            aegis_env_destroy(child, 0);
        child_wait(child);
        for (i = 1; i < AEGIS_SLICE_COUNT; i += 2)
            aegis_slice_set(i, 0);
    }
    ok(header->call_count[AEGIS_CALL_PAGE_ALLOC] > calls + 3 * ROUNDS,
       "children make calls at random");
    /* What they gave to their parent is theirs no more. */
    ok(header->free_count + self->page_count == before, "and leave nothing behind");
}
