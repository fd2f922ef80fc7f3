/* Start of the attack suite: the environments that it is made of, and how the parent has them act. */
#include "attack.h"

uint32_t attacker[ATTACKER_COUNT], bystander;

volatile uint32_t *show(uint32_t window, uint32_t page)
{
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + window, page << 12 | WRITABLE, 0);
    return AT(window);
}

static void overlay(volatile uint32_t *page, child_code *at, const uint32_t *code,
                    const uint32_t *end)
{
    uint32_t offset = ((uint32_t)at - (uint32_t)child_page) / 4;
    for (uint32_t i = 0; code + i < end; i++)
        page[offset + i] = code[i];
}

static void make_code(void)
{
    volatile uint32_t *page;
    aegis_page_alloc(CODE_PAGE, 0);
    page = show(29, CODE_PAGE);
    for (uint32_t i = 0; i < 1024; i++)
        page[i] = ((const uint32_t *)child_page)[i];
    overlay(page, child_fuzz, worker_code, worker_code_end);
    overlay(page, cost_null, bystander_code, bystander_code_end);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 29, 0, 0);
    aegis_cache_flush(CODE_PAGE * AEGIS_PAGE_SIZE, AEGIS_PAGE_SIZE);
}

static void share(uint32_t page, uint32_t rights, uint32_t envid)
{
    struct aegis_capability cap;
    aegis_mint(AEGIS_KIND_PAGE, page, rights, &cap);
    aegis_bind(&cap, envid);
}

uint32_t attack_start(child_code *entry, uint32_t first, uint32_t pages)
{
    uint32_t envid = (uint32_t)aegis_env_create(0), i,
             upage = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    uint32_t loop = child_pc(child_fuzz);
    volatile struct aegis_upage *u = (volatile struct aegis_upage *)show(20, upage);
    u->frames[0] = child_pc(entry);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 20, 0, 0);
    aegis_page_give(upage, envid);
    share(CODE_PAGE, AEGIS_RIGHT_READ, envid);
    aegis_env_set(envid, AEGIS_FIELD_UPAGE, upage, 0);
    aegis_env_set(envid, AEGIS_FIELD_GUARANTEED + 0, upage << 12 | WRITABLE, 0);
    aegis_env_set(envid, AEGIS_FIELD_GUARANTEED + 2, CODE_PAGE << 12 | VALID, 0);
    for (i = 0; i < pages; i++) {
        share(first + i, AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE, envid);
        aegis_env_set(envid, AEGIS_FIELD_GUARANTEED + 4 + i, (first + i) << 12 | WRITABLE, 0);
    }
    aegis_env_set(envid, AEGIS_FIELD_SLICE_START, child_pc(slice_start), 0);
    aegis_env_set(envid, AEGIS_FIELD_SLICE_END, child_pc(slice_end), 0);
    aegis_env_set(envid, AEGIS_FIELD_SCALL, loop, 0);
    aegis_env_set(envid, AEGIS_FIELD_ACALL, loop, 0);
    for (i = 1; i < AEGIS_CAUSE_COUNT; i++)
        if (i != 8)
            aegis_env_set(envid, AEGIS_FIELD_EXCEPTION + i,
                          loop + ((uint32_t)worker_fault - (uint32_t)worker_code), 0x40);
    aegis_env_set(envid, AEGIS_FIELD_RUN, 0, 0);
    return envid;
}

void attackers_start(uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        volatile uint32_t *batch = show(24 + n, BATCH_PAGE(n));
        batch[0] = batch[1] = 0;
        attacker[n] = attack_start(child_fuzz, BATCH_PAGE(n), BATCH_PAGES);
        aegis_slice_set(2 + 8 * n, attacker[n]);
    }
}

void attackers_stop(void)
{
    for (uint32_t n = 0; n < ATTACKER_COUNT; n++) {
        if (attacker[n] == 0)
            continue;
        aegis_env_destroy(attacker[n], 0);
        child_wait(attacker[n]);
        attacker[n] = 0;
    }
    for (uint32_t i = 0; i < AEGIS_SLICE_COUNT; i++)
        if (i % 8 != 0 && i != 3)
            aegis_slice_set(i, 0);
}

void batch_put(uint32_t n, uint32_t index, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2,
               uint32_t a3, uint32_t t0)
{
    volatile uint32_t *record = batch_record(n, index);
    record[0] = number;
    record[1] = a0;
    record[2] = a1;
    record[3] = a2;
    record[4] = a3;
    record[5] = t0;
    record[9] = BATCH_LOST;
}

uint32_t batch_run(uint32_t n, uint32_t count)
{
    volatile uint32_t *batch = AT(24 + n), *last = batch_record(n, count - 1);
    uint32_t tries = last[0] == AEGIS_CALL_SCALL ? 4 : 100;
    batch[0] = 0;
    batch[1] = count;
    for (; last[9] == BATCH_LOST && tries > 0; tries--)
        yield_to(attacker[n]);
    return last[9];
}

uint32_t attack(uint32_t n, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3,
                uint32_t t0)
{
    batch_put(n, 0, number, a0, a1, a2, a3, t0);
    return batch_run(n, 1);
}

uint32_t attack_with(uint32_t n, uint32_t number, const struct aegis_capability *cap, uint32_t t0)
{
    return attack(n, number, cap->name, cap->rights, cap->tag[0], cap->tag[1], t0);
}

struct aegis_capability attack_result(uint32_t n)
{
    volatile uint32_t *record = AT(24 + n) + 16;
    return (struct aegis_capability){record[10], record[11], {record[12], record[13]}};
}

void let_pass(uint32_t ticks)
{
    const volatile struct aegis_header *header = exported_header();
    uint32_t end = header->tick_count + ticks;
    while ((int32_t)(header->tick_count - end) < 0)
        yield_to(0);
}

/* The bystander is entered by nobody, and nobody has a capability of its page. */
static void start_bystander(void)
{
    volatile uint32_t *page;
    aegis_page_alloc(PEACE_PAGE, 0);
    page = show(23, PEACE_PAGE);
    for (uint32_t i = 16; i < 1024; i++)
        page[i] = 0xb157a9de;
    bystander = attack_start(cost_null, PEACE_PAGE, 1);
    aegis_env_set(bystander, AEGIS_FIELD_SCALL, 0, 0);
    aegis_env_set(bystander, AEGIS_FIELD_ACALL, 0, 0);
    aegis_slice_set(3, bystander);
}

static __attribute__((unused)) void judge(const char *what)
{
    uint32_t before = PEACE[0];
    attackers_stop();
    let_pass(3);
    ok(PEACE[0] != before && PEACE[1] == 0 && exported_env(bystander)->excess_total == 0, what);
}

void test_main(void)
{
    make_code();
    for (uint32_t n = 0; n < ATTACKER_COUNT; n++)
        for (uint32_t i = 0; i < BATCH_PAGES; i++)
            aegis_page_alloc(BATCH_PAGE(n) + i, 0);
    aegis_env_set(0, AEGIS_FIELD_SCALL, 0, 0);
    start_bystander();
#ifndef FUZZER
    attack_capabilities();
    judge("capabilities: the bystander is unharmed");
    attack_bindings();
    judge("stale bindings: the bystander is unharmed");
    attack_contexts();
    judge("contexts: the bystander is unharmed");
    attack_time();
    judge("time: the bystander is unharmed");
    attack_hoarding();
    judge("hoarding: the bystander is unharmed");
    attack_pointers();
    judge("malformed pointers: the bystander is unharmed");
#endif
    serve_fuzzer();
    test_end();
}

/* The compiler calls them by name. */
void *memcpy(void *to, const void *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
    return to;
}

void *memset(void *to, int value, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        ((uint8_t *)to)[i] = (uint8_t)value;
    return to;
}
