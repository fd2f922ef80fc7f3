/* What the parts of the test environment share. Results are TAP lines on terminal line 1. */
#ifndef TEST_H
#define TEST_H

#include "abi-calls.h"

#define UPAGE ((volatile struct aegis_upage *)0x7f000000)
#define BOOT ((const struct aegis_boot_info *)0x7f001000)
#define TEST_LINE 1u
#define VALID AEGIS_ENTRYLO_VALID
#define WRITABLE (AEGIS_ENTRYLO_VALID | AEGIS_ENTRYLO_WRITABLE)

void ok(int condition, const char *name);
void note(const char *text, uint32_t value);
void test_end(void);
const struct aegis_capability *line_capability(uint32_t line);
/* Maps the exported pages; readable at these addresses. */
const volatile struct aegis_header *exported_header(void);
const volatile struct aegis_env *exported_env(uint32_t envid);
const volatile struct aegis_page *exported_page(uint32_t page);

const volatile struct aegis_context *exported_context(uint32_t number);

int yield_to(uint32_t envid);
int wait_for(uint32_t physical, uint32_t old, uint32_t deadline);
int raw_call(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2);
uint32_t probe_load(uint32_t address);
/* cid_switch; 0 when it succeeded and every register was as before. */
uint32_t probe_switch(uint32_t context);
void probe_store(uint32_t address, uint32_t value);
void probe_overflow(void);
void probe_break(void);
void probe_cop1(void);
int acall_to(uint32_t envid);
int scall_alone(uint32_t envid);
void reply_alone(void);
uint32_t probe_leak(uint32_t kind, uint32_t instance, uint32_t rights);
void probe_fpu_set(uint32_t value);
uint32_t probe_fpu_get(void);
uint32_t probe_fpu_denormal(void);
int scall_to(uint32_t envid, uint32_t argument, uint32_t self);
void slice_start(void);
void slice_end(void);
void on_exception(void);
void on_miss(void);
extern volatile uint32_t exception_count[16], exception_address, miss_entry, miss_count;
extern volatile int32_t miss_result;

/* children.c: environments that run code of child.S. */
typedef void child_code(void);
extern child_code child_page, child_count, child_exit, child_fault, child_never_yield,
    child_late_yield, child_serve, child_acall, child_sleep, child_giving_start, child_repossessed,
    child_disk, child_secret, child_peek_start, child_fuzz, child_wait_once, child_resume, child_fpu, child_thief, scall_reply, cost_null, cost_null_stack,
    cost_tlb_write, cost_overflow, cost_overflow_handler, cost_refill, cost_transfer,
    cost_transfer_reply, cost_cid;
struct child_plan {
    child_code *entry, *slice_start, *slice_end;
    uint32_t a0, a1, a3;
    uint32_t slices;
    uint32_t backing_extent, backing_sector; /* first place of the backing list, when not 0 */
    uint32_t code_page; /* a copy of child.S; 0: the original */
};
/* Where child code lies for a child. */
uint32_t child_pc(child_code *code);
/* Makes, fills and starts a child; its third guaranteed mapping is the shared page. */
uint32_t child_start(const struct child_plan *plan);
/* Yields until the child is dead; returns its reason, or 0 after too long; reaps it. */
uint32_t child_wait(uint32_t envid);
extern volatile uint32_t *shared;
extern uint32_t shared_page;
#define CHILD_SHARED 0x7f003000u

/*
 * contexts.c: allocates contexts, all that are left or fewer; installs each so often that, when they
 * are more than ASIDs, every one but the first context's is taken; which of them has an ASID, 0: none;
 * frees them.
 */
#define CONTEXTS_LEFT (AEGIS_CONTEXT_COUNT - AEGIS_ENV_COUNT)
void contexts_take(uint32_t count);
void contexts_cycle(void);
uint32_t contexts_named(uint32_t entry_hi);
void contexts_give_back(void);

void test_capabilities(void);
void test_pages(void);
void test_translation(void);
void test_exceptions(void);
void test_environments(void);
void test_slices(void);
void test_transfers(void);
void test_revocation(void);
void test_attacks(void);
void test_fpu(void);
void test_kinds(void);
void test_backing(void);
void test_emergencies(void);
void test_lines(void);
void test_disk(void);
void test_random(void);
void test_contexts(void);
void test_costs(void);

#endif
