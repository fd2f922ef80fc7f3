/* Stopping an environment, emptying it, and starting it again; emergencies; the way back from a transfer. */
#include "test.h"

#define WINDOW 22u

static void let_pass(uint32_t ticks)
{
    const volatile struct aegis_header *header = exported_header();
    uint32_t end = header->tick_count + ticks;
    while ((int32_t)(header->tick_count - end) < 0)
        yield_to(0);
}

static void end(uint32_t child)
{
    aegis_env_destroy(child, 0);
    child_wait(child);
    for (uint32_t i = 0; i < AEGIS_SLICE_COUNT; i++)
        if (i % 8 != 0)
            aegis_slice_set(i, 0);
}

static uint32_t *look_into(uint32_t page)
{
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW, page << 12 | WRITABLE, 0);
    return (uint32_t *)(AEGIS_GUARANTEED_BASE + WINDOW * 4096);
}

/* What the upage holds, in another page; the old one is freed. */
static uint32_t move(uint32_t from)
{
    static uint32_t kept[1024];
    uint32_t to = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0), i, *page = look_into(from);
    for (i = 0; i < 1024; i++)
        kept[i] = page[i];
    page = look_into(to);
    for (i = 0; i < 1024; i++)
        page[i] = kept[i];
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW, 0, 0);
    aegis_page_free(from);
    return to;
}

static void test_stop(void)
{
    uint32_t child = child_start(
        &(struct child_plan){.entry = child_count, .a0 = CHILD_SHARED, .slices = 4});
    const volatile struct aegis_env *env = exported_env(child);
    uint32_t upage = env->upage % 0x20000000u / 4096, before, self = BOOT->envid, moved;
    let_pass(8);
    ok(aegis_env_set(0, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0) == -E_BUSY &&
           aegis_page_give(upage, self) == -E_BUSY && aegis_page_free(upage) == -E_OWNER,
       "nobody stops itself, and a upage in use is not given");
    aegis_env_set(child, AEGIS_FIELD_EXCEPTION + 9, child_pc(child_exit), 0x40);
    ok(aegis_env_set(child, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0) == 0 && env->state == AEGIS_ENV_NEW &&
           env->upage == 0 && env->exceptions[4 * 9] == 0xbffffff0u,
       "a controller stops an environment: no upage, no handlers of exceptions");
    ok(aegis_env_set(child, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0) == -E_RANGE &&
           aegis_env_set(child, AEGIS_FIELD_RUN, 0, 0) == -E_RANGE &&
           yield_to(child) == 0 && scall_to(child, 0, self) == -E_BUSY &&
           acall_to(child) == -E_BUSY && aegis_revoke(child, AEGIS_KIND_PAGE, 1, 0) == -E_ENVIRONMENT,
       "then it neither runs, nor is entered, nor asked");
    before = shared[0];
    aegis_env_set(child, AEGIS_FIELD_GUARANTEED, 0, 0);
    ok(aegis_page_give(upage, self) == 0 && env->page_count == 0 &&
           exported_page(upage)->owner == self,
       "its controller takes its pages, the upage too");
    let_pass(6);
    ok(shared[0] == before && env->slice_count == 4, "it stands still, and keeps its slices");
    moved = move(upage);
    ok(aegis_page_give(moved, child) == 0 && aegis_env_set(child, AEGIS_FIELD_UPAGE, moved, 0) == 0 &&
           aegis_env_set(child, AEGIS_FIELD_GUARANTEED, moved << 12 | WRITABLE, 0) == 0 &&
           aegis_env_set(child, AEGIS_FIELD_RUN, 0, 0) == 0,
       "with what its upage held, elsewhere, it is started again");
    let_pass(6);
    ok(shared[0] > before && moved != upage, "and goes on where it was");
    end(child);
}

/* Stopped while something of it is under way. */
static void test_stop_busy(void)
{
    struct aegis_capability cap;
    const volatile struct aegis_header *header = exported_header();
    uint32_t child = child_start(&(struct child_plan){.entry = child_fpu, .slices = 1}), i;
    yield_to(child);
    ok(header->fpu_owner == child &&
           aegis_env_set(child, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0) == -E_BUSY,
       "whoever owns the FPU is not stopped");
    aegis_fpu_mod(1);
    aegis_fpu_mod(0);
    ok(aegis_env_set(child, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0) == 0,
       "until another has taken it, and the registers are in memory");
    end(child);
    int32_t extent = aegis_extent_create(0, 400, 8, &cap), busy = 0, result = -E_BUSY;
    uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    child = child_start(&(struct child_plan){.entry = child_disk,
                                             .a0 = page * 4096,
                                             .a1 = shared_page * 4096 + 0x40,
                                             .a3 = (uint32_t)extent,
                                             .slices = 1});
    aegis_bind(&cap, child);
    aegis_page_give(page, child);
    yield_to(child);
    for (i = 0; i < 400 && result == -E_BUSY; i++) {
        result = aegis_env_set(child, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0);
        busy += result == -E_BUSY;
        if (result == -E_BUSY)
            aegis_slice_set(1, 0); /* it queues no more */
        let_pass(1);
    }
    ok(busy > 0 && result == 0, "nor is one with disk transfers queued, until they are over");
    end(child);
    aegis_extent_free((uint32_t)extent);
}

static void test_emergency(void)
{
    struct aegis_capability own;
    uint32_t upage, before;
    uint32_t child = child_start(
        &(struct child_plan){.entry = child_count, .a0 = CHILD_SHARED, .slices = 4});
    uint32_t server = child_start(
        &(struct child_plan){.entry = child_sleep, .a0 = shared_page * 4096 + 0x30, .slices = 0});
    const volatile struct aegis_env *env = exported_env(child);
    ok(aegis_revoke(child, AEGIS_KIND_ENV, 2, server) == -E_RANGE &&
           aegis_revoke(child, AEGIS_KIND_ENV, 1, child) == -E_ENVIRONMENT &&
           aegis_revoke(child, AEGIS_KIND_ENV, 1, 0) == -E_ENVIRONMENT,
       "an emergency is one environment's, and names a server that is another");
    upage = env->upage % 0x20000000u / 4096;
    ok(aegis_revoke(child, AEGIS_KIND_ENV, 1, server) == 0 &&
           env->revoke_kind == AEGIS_KIND_ENV && env->revoke_stage == AEGIS_REVOKE_ASKED &&
           aegis_revoke(child, AEGIS_KIND_PAGE, 1, 0) == -E_BUSY,
       "it is asked for itself");
    ok(aegis_env_set(child, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0) == 0 &&
           env->revoke_stage == AEGIS_REVOKE_NONE,
       "to stop it is the answer");
    aegis_env_set(child, AEGIS_FIELD_GUARANTEED, 0, 0);
    aegis_page_give(upage, BOOT->envid);
    ok(look_into(upage)[OFFSET_UPAGE_REVOKE_SERVER / 4] == server &&
           look_into(upage)[OFFSET_UPAGE_PENDING / 4] == 0,
       "its upage has said which server it is");
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW, 0, 0);
    aegis_page_free(upage);
    end(child);
    child = child_start(
        &(struct child_plan){.entry = child_count, .a0 = CHILD_SHARED, .slices = 4});
    env = exported_env(child);
    before = env->dispatch_count;
    aegis_revoke(child, AEGIS_KIND_ENV, 1, server);
    for (uint32_t i = 0; i < 400 && env->state != AEGIS_ENV_DEAD; i++)
        yield_to(0);
    ok(env->dispatch_count - before >= AEGIS_ASK_SLICES,
       "without an answer it has its slices to think");
    ok(child_wait(child) == AEGIS_REASON_REVOKED, "and is destroyed then");
    ok(aegis_mint(AEGIS_KIND_ENV, BOOT->envid % AEGIS_ENV_COUNT, AEGIS_RIGHT_CONTROL, &own) == 0 &&
           aegis_recap(AEGIS_KIND_ENV, BOOT->envid % AEGIS_ENV_COUNT, 0) == -E_OWNER,
       "an environment makes a capability of control of itself, and recalls nobody's");
    end(server);
}

/* The entry of the asynchronous transfer resumes, and what it found waits no longer. */
static void test_resume_transfer(void)
{
    uint32_t child = child_start(&(struct child_plan){
        .entry = child_wait_once, .a0 = shared_page * 4096 + 0x30, .slices = 1});
    const volatile struct aegis_env *env = exported_env(child);
    aegis_env_set(child, AEGIS_FIELD_ACALL, child_pc(child_resume), 0);
    for (uint32_t i = 0; i < 70 && env->state != AEGIS_ENV_WAITING; i++)
        yield_to(child);
    ok(env->state == AEGIS_ENV_WAITING && acall_to(child) == 0, "a waiting child is entered");
    let_pass(6);
    ok(shared[6] == 1 && env->frame_depth == 0,
       "resume leads from the entry to what it found, once");
    ok(acall_to(child) == 0 && acall_to(child) == 0, "which can be entered again and again");
    end(child);
}

void test_emergencies(void)
{
    test_stop();
    test_stop_busy();
    test_emergency();
    test_resume_transfer();
}
