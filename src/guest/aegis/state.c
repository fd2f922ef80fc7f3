/*
 * The kernel's private state page, and its window for the assembly: two wired TLB entries show it
 * and the exported header in kseg2, where the vectors reach them from $zero. A wired entry is never
 * replaced, so this is no exception to the rule that the kernel takes no TLB misses.
 */
#include "aegis.h"

#define STATE_VIRTUAL 0xfffff000u
#define HEADER_VIRTUAL 0xffffe000u
#define WIRED 0x700u /* writable, valid, global */

extern entry_point forward_1, forward_2, forward_3, forward_4, forward_5, forward_6, forward_7,
    forward_9, forward_10, forward_11, forward_12, unknown_exception;
extern entry_point *const call_entries[], *const call_functions[];
extern char kernel_stack_top[];

struct kernel_state kernel_state __attribute__((aligned(AEGIS_PAGE_SIZE))) = {
    .vectors = {interrupt_entry, forward_1, forward_2, forward_3, forward_4, forward_5, forward_6,
                forward_7, syscall_entry, forward_9, forward_10, forward_11, forward_12,
                [13 ... VECTOR_COUNT - 1] = unknown_exception},
    .stack = (uint32_t)kernel_stack_top - 32,
};
_Static_assert(sizeof(struct kernel_state) <= AEGIS_PAGE_SIZE, "one page");

struct aegis_env nobody = {.stlb_tag = KSEG0 + AEGIS_EXPORT_STLB};

void state_init(uint32_t page_count)
{
    kernel_state.page_count = page_count;
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++)
        kernel_state.records[slot] = &envs[slot];
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++)
        kernel_state.gates[slot] = slot ^ 1;
    for (uint32_t call = 0; call < AEGIS_CALL_COUNT; call++) {
        kernel_state.calls[call] = call_entries[call];
        kernel_state.functions[call] = call_functions[call];
    }
    for (uint32_t cause = 0; cause < AEGIS_CAUSE_COUNT; cause++)
        env_no_handler(&nobody, cause);
    header->current = (uint32_t)&nobody;
    tlb_wire(0, STATE_VIRTUAL, ((uint32_t)&kernel_state - KSEG0) | WIRED);
    tlb_wire(1, HEADER_VIRTUAL, AEGIS_EXPORT_HEADER | WIRED);
}
