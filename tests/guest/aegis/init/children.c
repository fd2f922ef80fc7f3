/*
 * Children: built by the parent as a library OS would, page by page, and started on slices of their
 * own.
 */
#include "test.h"

#define WINDOW_UPAGE 20u
#define WINDOW_SHARED 21u

volatile uint32_t *shared =
    (volatile uint32_t *)(AEGIS_GUARANTEED_BASE + WINDOW_SHARED * AEGIS_PAGE_SIZE);
uint32_t shared_page;

uint32_t child_pc(child_code *code)
{
    return AEGIS_GUARANTEED_BASE + 2 * AEGIS_PAGE_SIZE + ((uint32_t)code - (uint32_t)child_page);
}

static void share(uint32_t page, uint32_t rights, uint32_t envid)
{
    struct aegis_capability cap;
    aegis_mint(AEGIS_KIND_PAGE, page, rights, &cap);
    aegis_bind(&cap, envid);
}

uint32_t child_start(const struct child_plan *plan)
{
    uint32_t envid = (uint32_t)aegis_env_create(0),
             upage = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0), i;
    uint32_t code = BOOT->linear_page + ((uint32_t)child_page - AEGIS_INIT_BASE) / AEGIS_PAGE_SIZE;
    if (plan->code_page)
        code = plan->code_page;
    volatile struct aegis_upage *u =
        (volatile struct aegis_upage *)(AEGIS_GUARANTEED_BASE + WINDOW_UPAGE * 4096);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW_UPAGE, upage << 12 | WRITABLE, 0);
    u->frames[0] = child_pc(plan->entry);
    u->library[4] = plan->a0;
    u->library[5] = plan->a1;
    u->library[7] = plan->a3;
    if (plan->backing_extent) {
        u->backing[0] = AEGIS_BACKING_READY | plan->backing_extent;
        u->backing[1] = plan->backing_sector;
    }
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW_UPAGE, 0, 0);
    aegis_page_give(upage, envid);
    if (shared_page == 0) {
        shared_page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
        aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW_SHARED, shared_page << 12 | WRITABLE, 0);
    }
    for (i = 0; i < 64; i++)
        shared[i] = 0;
    share(code, AEGIS_RIGHT_READ, envid);
    share(shared_page, AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE, envid);
    aegis_env_set(envid, AEGIS_FIELD_UPAGE, upage, 0);
    aegis_env_set(envid, AEGIS_FIELD_GUARANTEED + 0, upage << 12 | WRITABLE, 0);
    aegis_env_set(envid, AEGIS_FIELD_GUARANTEED + 2, code << 12 | VALID, 0);
    aegis_env_set(envid, AEGIS_FIELD_GUARANTEED + 3, shared_page << 12 | WRITABLE, 0);
    aegis_env_set(envid, AEGIS_FIELD_SLICE_START,
                  child_pc(plan->slice_start ? plan->slice_start : slice_start), 0);
    aegis_env_set(envid, AEGIS_FIELD_SLICE_END,
                  child_pc(plan->slice_end ? plan->slice_end : slice_end), 0);
    aegis_env_set(envid, AEGIS_FIELD_SCALL, child_pc(child_serve), 0);
    aegis_env_set(envid, AEGIS_FIELD_ACALL, child_pc(child_acall), 0);
    aegis_env_set(envid, AEGIS_FIELD_REPOSSESSION, child_pc(child_repossessed), 0);
    aegis_env_set(envid, AEGIS_FIELD_LABEL, 'c' | 'h' << 8 | 'i' << 16 | 'l' << 24, 0);
    for (i = 0; i < plan->slices; i++)
        aegis_slice_set(1 + 2 * i, envid);
    if (aegis_env_set(envid, AEGIS_FIELD_RUN, 0, 0) != 0)
        note("child did not start", envid);
    return envid;
}

uint32_t child_wait(uint32_t envid)
{
    const volatile struct aegis_env *env = exported_env(envid);
    for (uint32_t i = 0; i < 200; i++) {
        uint32_t reason = env->reason;
        if (env->id == envid && env->state == AEGIS_ENV_DEAD) {
            aegis_env_reap(envid);
            return reason;
        }
        yield_to(0);
    }
    return 0;
}
