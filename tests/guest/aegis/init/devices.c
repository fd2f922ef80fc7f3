/* Terminal lines, disk, and loops whose cycles the host counts. */
#include "test.h"

void test_lines(void)
{
    struct aegis_capability cap;
    uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0), events_word, i;
    volatile uint8_t *buffer = (volatile uint8_t *)(AEGIS_GUARANTEED_BASE + 22 * 4096);
    int32_t got = 0, n;
    UPAGE->pending = 0; /* children have died meanwhile */
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 22, page << 12 | WRITABLE, 0);
    ok(aegis_line_get(2) == -E_RIGHTS, "a line must be bound first");
    aegis_derive(line_capability(2), AEGIS_RIGHT_READ, &cap);
    aegis_bind(&cap, 0);
    ok(aegis_line_put(2, 'x') == -E_RIGHTS, "a read capability does not allow writing");
    ok(aegis_line_read(2, 0x20000, 4) == -E_RIGHTS, "nor memory that is not bound");
    aegis_bind(line_capability(2), 0);
    aegis_line_put(2, '?'); /* the host answers with "hello" */
    events_word =
        AEGIS_EXPORT_ENVIRONMENTS + BOOT->envid % AEGIS_ENV_COUNT * SIZEOF_ENV + OFFSET_ENV_EVENTS;
    for (i = 0; i < 20 && got < 5; i++) {
        uint32_t events = exported_env(BOOT->envid)->events;
        n = aegis_line_read(2, page * 4096 + (uint32_t)got, 5 - (uint32_t)got);
        if (n > 0)
            got += n;
        else
            wait_for(events_word, events, 0);
    }
    ok(got == 5 && buffer[0] == 'h' && buffer[4] == 'o', "input wakes the one that waits");
    aegis_bind(line_capability(AEGIS_CONSOLE_LINE), 0);
    aegis_line_put(AEGIS_CONSOLE_LINE, '?'); /* answered like line 2 */
    for (i = 0, n = 0; i < 40 && n != 'h'; i++) {
        uint32_t events = exported_env(BOOT->envid)->events;
        n = aegis_line_get(AEGIS_CONSOLE_LINE);
        if (n < 0)
            wait_for(events_word, events, exported_header()->tick_count + 20);
    }
    ok(n == 'h' && i < 10, "so does input on the console");
    ok(aegis_line_write(2, page * 4096, 5) == 5, "and can be sent back");
    i = exported_header()->tick_count;
    for (n = 0; n < 3 && exported_header()->tick_count < i + 5;
         n++) /* a pending upcall may end it early, once */
        wait_for(page * 4096, *(volatile uint32_t *)buffer, i + 5);
    ok(exported_header()->tick_count >= i + 5, "a wait ends at its deadline");
}

static int32_t transfer(int is_write, uint32_t extent, uint32_t sector, uint32_t page,
                        uint32_t word_page)
{
    volatile int32_t *word = (volatile int32_t *)(AEGIS_GUARANTEED_BASE + 23 * 4096);
    int32_t error;
    *word = 0;
    error = is_write ? aegis_disk_write(extent, sector, page * 4096, 8, word_page * 4096)
                     : aegis_disk_read(extent, sector, page * 4096, 8, word_page * 4096);
    if (error)
        return error;
    while (*word == 0)
        wait_for(word_page * 4096, 0, 0);
    return *word;
}

void test_disk(void)
{
    struct aegis_capability cap, weak;
    uint32_t extent = BOOT->disk_extent[0], page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    uint32_t word_page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0), i, bad = 0, child, list, small;
    volatile uint32_t *data = (volatile uint32_t *)(AEGIS_GUARANTEED_BASE + 22 * 4096);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 22, page << 12 | WRITABLE, 0);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 23, word_page << 12 | WRITABLE, 0);
    ok(extent != AEGIS_ANY, "there is a disk");
    ok(transfer(0, extent, 16, page, word_page) == 8, "eight sectors are read");
    for (i = 0; i < 1024; i++)
        bad += data[i] != 16 * 128 + i;
    ok(bad == 0, "with the disk's data");
    for (i = 0; i < 1024; i++)
        data[i] = ~i;
    ok(transfer(1, extent, 32, page, word_page) == 8, "eight sectors are written");
    for (i = 0; i < 1024; i++)
        data[i] = 0;
    ok(transfer(0, extent, 32, page, word_page) == 8 && data[7] == ~7u && data[1023] == ~1023u,
       "and read back");
    ok(aegis_disk_read(extent, 0, 0x20000, 8, word_page * 4096) == -E_RIGHTS,
       "not into the kernel");
    ok(aegis_disk_read(extent, 0, page * 4096, 8, 0x20000) == -E_RIGHTS, "nor the completion");
    ok(aegis_disk_read(extent, 0, page * 4096 + 512, 8, word_page * 4096) == -E_RANGE,
       "nor across a page's end");
    small = (uint32_t)aegis_extent_create(0, 100, 10, &cap);
    ok(aegis_disk_read(small, 3, page * 4096, 8, word_page * 4096) == -E_RANGE,
       "an extent has an end");
    child = child_start(&(struct child_plan){.entry = child_disk, .slices = 0});
    aegis_derive(&cap, AEGIS_RIGHT_READ, &weak);
    ok(aegis_bind(&weak, child) == (int32_t)small, "a child can be bound for reading");
    aegis_env_destroy(child, 0);
    child_wait(child);

    /* A child that reads from disk without end loses its page under the transfer. */
    list = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    child = child_start(&(struct child_plan){.entry = child_disk,
                                             .a0 = list * 4096,
                                             .a1 = shared_page * 4096 + 0x40,
                                             .a3 = small,
                                             .slices = 4});
    aegis_bind(&weak, child);
    aegis_page_give(list, child);
    for (i = 0; i < 400 && shared[0x10] != 8; i++)
        yield_to(0);
    ok(shared[0x10] == 8, "it reads");
    aegis_revoke(child, AEGIS_KIND_PAGE, 1, 0);
    for (i = 0; i < 2000 && exported_env(child)->repossessed_count == 0; i++)
        yield_to(0);
    ok(exported_env(child)->repossessed_count == 1 && exported_page(list)->dma == 0,
       "its page is taken, transfers are cut off");
    ok(aegis_page_alloc(list, 0) == (int32_t)list, "and can be had by another");
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 22, list << 12 | WRITABLE, 0);
    for (i = 0; i < 200; i++)
        yield_to(0);
    for (i = bad = 0; i < 1024; i++)
        bad += data[i] != 0;
    ok(bad == 0, "where no late transfer writes");
    aegis_env_destroy(child, 0);
    child_wait(child);
    ok(transfer(0, extent, 16, page, word_page) == 8, "the disk goes on");
}

#define COST_WINDOW 24u
#define COST_PAGE 1000u

static uint32_t cost_pc(child_code *code)
{
    return AEGIS_GUARANTEED_BASE + COST_WINDOW * AEGIS_PAGE_SIZE +
           ((uint32_t)code - (uint32_t)child_page);
}

/* Runs the loops of child.S in the page that the host traces. */
void test_costs(void)
{
    uint32_t *copy = (uint32_t *)cost_pc(child_page),
             page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0), i, child;
    struct child_plan plan = {
        .entry = child_sleep, .a0 = shared_page * 4096 + 0x30, .slices = 1, .code_page = COST_PAGE};
    aegis_page_alloc(COST_PAGE, 0);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + COST_WINDOW, COST_PAGE << 12 | WRITABLE, 0);
    for (i = 0; i < 1024; i++)
        copy[i] = ((const uint32_t *)child_page)[i];
    aegis_cache_flush(COST_PAGE * 4096, 4096);
    ((void (*)(void))cost_pc(cost_null))();
    ((void (*)(void))cost_pc(cost_null_stack))();
    ((void (*)(uint32_t, uint32_t))cost_pc(cost_tlb_write))(0x20000000, page << 12 | WRITABLE);
    aegis_env_set(0, AEGIS_FIELD_EXCEPTION + 12, cost_pc(cost_overflow_handler), 0x40);
    ((void (*)(void))cost_pc(cost_overflow))();
    for (i = 0; i < 80; i++)
        aegis_tlb_write(0x20000000 + i * 4096, page << 12 | WRITABLE);
    ((void (*)(uint32_t))cost_pc(cost_refill))(0x20000000);
    child = child_start(&plan);
    for (i = 0; i < 100 && exported_env(child)->state != AEGIS_ENV_WAITING; i++)
        yield_to(child);
    aegis_env_set(0, AEGIS_FIELD_SCALL, cost_pc(cost_transfer_reply), 0);
    ((void (*)(uint32_t, uint32_t, uint32_t))cost_pc(cost_transfer))(child, 0, BOOT->envid);
    aegis_env_destroy(child, 0);
    child_wait(child);
    ((void (*)(uint32_t, uint32_t))cost_pc(cost_cid))(BOOT->envid % AEGIS_ENV_COUNT,
                                                      (uint32_t)aegis_context_alloc());
    ok(1, "the loops have run");
}
