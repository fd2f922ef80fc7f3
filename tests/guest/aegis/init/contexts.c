/* Addressing contexts: CIDswitch, and ASIDs that are taken from contexts without a word. */
#include "test.h"

#define HERE 0x20755000u
#define OWN CONTEXTS_LEFT

static uint32_t numbers[OWN], pages[OWN];

static uint32_t first(void)
{
    return BOOT->envid % AEGIS_ENV_COUNT;
}

const volatile struct aegis_context *exported_context(uint32_t number)
{
    return (const volatile struct aegis_context *)((uint32_t)exported_header() +
                                                   AEGIS_EXPORT_CONTEXTS - AEGIS_EXPORT_HEADER) +
           number;
}

/* In the context that is installed: what is at HERE, by a refill of `page` when it is not there. */
static uint32_t look(uint32_t page)
{
    miss_entry = page << 12 | VALID;
    return probe_load(HERE);
}

static void test_two(void)
{
    uint32_t one = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0),
             two = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0), other, misses, i;
    const volatile struct aegis_env *self = exported_env(BOOT->envid);
    ok(self->context == first() && exported_context(first())->owner == BOOT->envid &&
           exported_context(first())->entry_hi == self->entry_hi,
       "the first context of an environment has the number of its slot");
    other = (uint32_t)aegis_context_alloc();
    ok(other >= AEGIS_ENV_COUNT && other < AEGIS_CONTEXT_COUNT &&
           exported_context(other)->owner == BOOT->envid && exported_context(other)->entry_hi == 0,
       "another one can be allocated, and has no ASID yet");
    aegis_tlb_write(HERE, one << 12 | WRITABLE);
    *(volatile uint32_t *)HERE = 1111;
    ok(probe_switch(other) == 0 && self->context == other &&
           self->entry_hi == exported_context(other)->entry_hi && self->entry_hi != 0,
       "cid_switch installs it, with an ASID, and changes no register");
    misses = miss_count;
    miss_entry = 0x20 << 12 | VALID;
    ok(probe_load(HERE) == 0xffffffff && miss_count == misses + 1, "nothing is mapped in it");
    aegis_tlb_write(HERE, two << 12 | WRITABLE);
    *(volatile uint32_t *)HERE = 2222;
    misses = miss_count;
    for (i = 0; i < 8; i++) {
        if (probe_switch(i & 1 ? other : first()) != 0 ||
            *(volatile uint32_t *)HERE != (i & 1 ? 2222 : 1111))
            break;
    }
    ok(i == 8 && miss_count == misses, "one address is two pages, without a refill or a register");
    for (i = 0; i < 80; i++) /* out of the TLB, not out of the STLB */
        aegis_tlb_write(HERE + (2048 + i) * 4096, two << 12 | VALID);
    ok(look(two) == 2222 && aegis_cid_switch(first()) >= 0 && look(one) == 1111 &&
           miss_count == misses,
       "the STLB tells them apart too");
    aegis_tlb_delete(HERE);
    aegis_cid_switch(other);
    ok(look(two) == 2222 && miss_count == misses, "TLBvadelete removes in its own context alone");
    yield_to(0);
    ok(self->context == other && look(two) == 2222, "a slice goes on in the context it ended in");
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 40, one << 12 | VALID, 0);
    ok(*(volatile uint32_t *)0x7f028000 == 1111, "guaranteed mappings hold in every context");
    aegis_cid_switch(first());
    ok(*(volatile uint32_t *)0x7f028000 == 1111, "and in this one");
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 40, two << 12 | VALID, 0);
    aegis_cid_switch(other);
    ok(*(volatile uint32_t *)0x7f028000 == 2222, "where they change, they change in all");
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 40, 0, 0);
    ok(raw_call(AEGIS_CALL_CID_SWITCH, AEGIS_CONTEXT_COUNT, 0, 0) == -E_RANGE &&
           raw_call(AEGIS_CALL_CID_SWITCH, 0xffffffff, 0, 0) == -E_RANGE &&
           raw_call(AEGIS_CALL_CID_SWITCH, AEGIS_CONTEXT_COUNT - 1, 0, 0) == -E_OWNER &&
           raw_call(AEGIS_CALL_CID_SWITCH, first() + 1, 0, 0) == -E_OWNER && self->context == other,
       "a context that is not there, or not one's own, is not installed");
    ok(aegis_context_free(other) == -E_BUSY && aegis_context_free(first()) == -E_BUSY &&
           aegis_context_free(first() + 1) == -E_OWNER &&
           aegis_context_free(AEGIS_CONTEXT_COUNT) == -E_RANGE,
       "the installed one and the first cannot be freed, nor what is another's");
    aegis_tlb_write(HERE, one << 12 | VALID);
    aegis_cid_switch(first());
    aegis_tlb_write(HERE, one << 12 | VALID);
    aegis_tlb_write(HERE + 4096, one << 12 | VALID);
    aegis_page_free(one);
    misses = miss_count;
    miss_entry = 0;
    probe_load(HERE);
    probe_load(HERE + 4096);
    aegis_cid_switch(other);
    probe_load(HERE);
    ok(miss_count == misses + 3, "a page that is freed is mapped in no context");
    aegis_cid_switch(first());
    ok(aegis_context_free(other) == 0 && aegis_context_free(other) == -E_OWNER &&
           raw_call(AEGIS_CALL_CID_SWITCH, other, 0, 0) == -E_OWNER &&
           self->context_count == 0,
       "one that is freed is gone");
    aegis_page_free(two);
}

static uint32_t taken;

void contexts_take(uint32_t count)
{
    for (taken = 0; taken < count; taken++)
        numbers[taken] = (uint32_t)aegis_context_alloc();
}

void contexts_cycle(void)
{
    for (uint32_t i = 0; i < 2 * taken; i++)
        aegis_cid_switch(numbers[i % taken]);
    aegis_cid_switch(first());
}

uint32_t contexts_named(uint32_t entry_hi)
{
    for (uint32_t i = 0; i < taken; i++)
        if (exported_context(numbers[i])->entry_hi == entry_hi)
            return numbers[i];
    return 0;
}

void contexts_give_back(void)
{
    while (taken > 0)
        aegis_context_free(numbers[--taken]);
}

/* Every context has a page of its own at HERE, with its number in it. */
static uint32_t wrong_rounds(uint32_t count, uint32_t rounds)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < rounds * count; i++) {
        uint32_t at = i % count;
        wrong += probe_switch(numbers[at]) != 0;
        wrong += look(pages[at]) != numbers[at];
    }
    aegis_cid_switch(first());
    return wrong;
}

static void test_many(void)
{
    const volatile struct aegis_header *header = exported_header();
    struct child_plan server = {.entry = child_sleep, .slices = 1},
                      counter = {.entry = child_count, .a0 = 0x7f003040, .slices = 2};
    uint32_t i, before, misses, child, counting, work, alone = header->asid_revoked_count;
    contexts_take(OWN);
    ok(numbers[OWN - 1] < AEGIS_CONTEXT_COUNT && aegis_context_alloc() == -E_NONE,
       "there are more contexts than ASIDs, and no more than there are");
    for (i = 0; i < OWN; i++) {
        pages[i] = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
        aegis_tlb_write(HERE, pages[i] << 12 | WRITABLE);
        *(volatile uint32_t *)HERE = numbers[i];
    }
    aegis_tlb_delete(HERE);
    ok(wrong_rounds(20, 1) == 0 && header->asid_revoked_count == alone,
       "as long as there are enough ASIDs none is taken");
    misses = miss_count;
    ok(wrong_rounds(20, 3) == 0 && miss_count == misses, "and every mapping stays");
    server.a0 = shared_page * 4096 + 0x30;
    child = child_start(&server);
    for (i = 0; i < 100 && exported_env(child)->state != AEGIS_ENV_WAITING; i++)
        yield_to(child);
    before = header->asid_revoked_count;
    ok(wrong_rounds(OWN, 3) == 0, "with more in use every address is still the right page");
    ok(header->asid_revoked_count > before + 3 * OWN - 128 && miss_count > misses + OWN,
       "ASIDs were taken and counted, and mappings made again");
    for (i = work = 0; i < 2 * OWN; i++) {
        uint32_t own = exported_env(BOOT->envid)->entry_hi;
        aegis_cid_switch(numbers[i % OWN]);
        work += exported_context(first())->entry_hi == own;
        aegis_cid_switch(first());
    }
    ok(work == 2 * OWN, "what runs when others lose theirs keeps its own");
    contexts_cycle();
    ok(exported_env(child)->entry_hi == 0 && exported_context(child % AEGIS_ENV_COUNT)->entry_hi == 0,
       "one that rests may lose its own");
    aegis_env_set(0, AEGIS_FIELD_SCALL, (uint32_t)scall_reply, 0);
    ok(scall_to(child, 41, BOOT->envid) == 42 && exported_env(child)->entry_hi != 0,
       "a transfer into it gives it one, with every register");
    contexts_cycle();
    shared[1] = 0;
    ok(exported_env(child)->entry_hi == 0, "until it is taken again");
    acall_to(child);
    ok(shared[1] == 77 && exported_env(child)->entry_hi != 0, "an asynchronous one too");
    aegis_env_destroy(child, 0);
    child_wait(child);
    counting = child_start(&counter);
    for (i = work = 0; i < 6; i++) {
        uint32_t count = shared[16];
        contexts_cycle();
        for (uint32_t turn = 0; turn < 3 && shared[16] == count; turn++)
            yield_to(counting); /* the rest of a slice may be a moment */
        work += shared[16] != count;
    }
    ok(work == 6, "whoever gets a slice gets one");
    aegis_env_destroy(counting, 0);
    child_wait(counting);
    contexts_give_back();
    for (i = 0; i < OWN; i++)
        aegis_page_free(pages[i]);
    miss_entry = 0;
}

void test_contexts(void)
{
    test_two();
    test_many();
}
