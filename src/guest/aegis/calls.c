/*
 * The call table, by number (src/abi/calls.ts): where the demultiplexer jumps, and for calls with a
 * stack the C function that stack_call calls.
 */
#include "aegis.h"
#include "network.h"

extern entry_point bad_call, stack_call, secret_call, call_null, call_env_self, call_scall,
    call_acall, call_resume, call_tlb_write, call_tlb_delete, call_fpu_mod, call_cid_switch;

static int32_t call_null_stack(void)
{
    return 0;
}

entry_point *const call_entries[AEGIS_CALL_COUNT] = {
    [0] = bad_call,
    [AEGIS_CALL_CID_SWITCH + 1 ... AEGIS_CALL_PAGE_ALLOC - 1] = bad_call,
    [AEGIS_CALL_PAGE_ALLOC_COLOUR + 1 ... AEGIS_CALL_BIND - 1] = bad_call,
    [AEGIS_CALL_RECAP + 1 ... AEGIS_CALL_ENV_CREATE - 1] = bad_call,
    [AEGIS_CALL_CONTEXT_FREE + 1 ... AEGIS_CALL_SLICE_ALLOC - 1] = bad_call,
    [AEGIS_CALL_SLICE_SET + 1 ... AEGIS_CALL_LINE_READ - 1] = bad_call,
    [AEGIS_CALL_LINE_PUT + 1 ... AEGIS_CALL_EXTENT_CREATE - 1] = bad_call,
    [AEGIS_CALL_HALT + 1 ... AEGIS_CALL_FILTER_INSTALL - 1] = bad_call,
    [AEGIS_CALL_FILTER_HANDLER + 1 ... AEGIS_CALL_PACKET_SEND - 1] = bad_call,
    [AEGIS_CALL_ASH_PAGE + 1 ... AEGIS_CALL_TILE_ALLOC - 1] = bad_call,
    [AEGIS_CALL_TILE_MAP + 1 ... AEGIS_CALL_COUNT - 1] = bad_call,
    [AEGIS_CALL_NULL] = call_null,
    [AEGIS_CALL_NULL_STACK] = stack_call,
    [AEGIS_CALL_ENV_SELF] = call_env_self,
    [AEGIS_CALL_YIELD] = stack_call,
    [AEGIS_CALL_SCALL] = call_scall,
    [AEGIS_CALL_ACALL] = call_acall,
    [AEGIS_CALL_RESUME] = call_resume,
    [AEGIS_CALL_TLB_WRITE] = call_tlb_write,
    [AEGIS_CALL_TLB_DELETE] = call_tlb_delete,
    [AEGIS_CALL_FPU_MOD] = call_fpu_mod,
    [AEGIS_CALL_WAIT] = stack_call,
    [AEGIS_CALL_CID_SWITCH] = call_cid_switch,
    [AEGIS_CALL_PAGE_ALLOC] = secret_call,
    [AEGIS_CALL_PAGE_FREE... AEGIS_CALL_CACHE_FLUSH] = stack_call,
    [AEGIS_CALL_PAGE_ALLOC_COLOUR] = secret_call,
    [AEGIS_CALL_BIND] = secret_call,
    [AEGIS_CALL_UNBIND] = stack_call,
    [AEGIS_CALL_MINT... AEGIS_CALL_RECAP] = secret_call,
    [AEGIS_CALL_ENV_CREATE] = secret_call,
    [AEGIS_CALL_ENV_DESTROY... AEGIS_CALL_CONTEXT_FREE] = stack_call,
    [AEGIS_CALL_SLICE_ALLOC... AEGIS_CALL_SLICE_SET] = stack_call,
    [AEGIS_CALL_LINE_READ... AEGIS_CALL_LINE_PUT] = stack_call,
    [AEGIS_CALL_EXTENT_CREATE] = secret_call,
    [AEGIS_CALL_EXTENT_FREE... AEGIS_CALL_HALT] = stack_call,
    [AEGIS_CALL_FILTER_INSTALL] = secret_call,
    [AEGIS_CALL_FILTER_REMOVE... AEGIS_CALL_FILTER_HANDLER] = stack_call,
    [AEGIS_CALL_PACKET_SEND... AEGIS_CALL_ASH_PAGE] = stack_call,
    [AEGIS_CALL_TILE_ALLOC] = secret_call,
    [AEGIS_CALL_TILE_FREE... AEGIS_CALL_TILE_MAP] = stack_call,
};

#define FUNCTION(f) (entry_point *)(void *)(f)

entry_point *const call_functions[AEGIS_CALL_COUNT] = {
    [AEGIS_CALL_NULL_STACK] = FUNCTION(call_null_stack),
    [AEGIS_CALL_YIELD] = FUNCTION(call_yield),
    [AEGIS_CALL_WAIT] = FUNCTION(call_wait),
    [AEGIS_CALL_PAGE_ALLOC] = FUNCTION(call_page_alloc),
    [AEGIS_CALL_PAGE_ALLOC_COLOUR] = FUNCTION(call_page_alloc_colour),
    [AEGIS_CALL_PAGE_FREE] = FUNCTION(call_page_free),
    [AEGIS_CALL_PAGE_GIVE] = FUNCTION(call_page_give),
    [AEGIS_CALL_REVOKE] = FUNCTION(call_revoke),
    [AEGIS_CALL_REVOKE_REFUSE] = FUNCTION(call_revoke_refuse),
    [AEGIS_CALL_CACHE_FLUSH] = FUNCTION(call_cache_flush),
    [AEGIS_CALL_BIND] = FUNCTION(call_bind),
    [AEGIS_CALL_UNBIND] = FUNCTION(call_unbind),
    [AEGIS_CALL_MINT] = FUNCTION(call_mint),
    [AEGIS_CALL_DERIVE] = FUNCTION(call_derive),
    [AEGIS_CALL_RECAP] = FUNCTION(call_recap),
    [AEGIS_CALL_ENV_CREATE] = FUNCTION(call_env_create),
    [AEGIS_CALL_ENV_DESTROY] = FUNCTION(call_env_destroy),
    [AEGIS_CALL_ENV_REAP] = FUNCTION(call_env_reap),
    [AEGIS_CALL_ENV_SET] = FUNCTION(call_env_set),
    [AEGIS_CALL_CONTEXT_ALLOC] = FUNCTION(call_context_alloc),
    [AEGIS_CALL_CONTEXT_FREE] = FUNCTION(call_context_free),
    [AEGIS_CALL_SLICE_ALLOC] = FUNCTION(call_slice_alloc),
    [AEGIS_CALL_SLICE_FREE] = FUNCTION(call_slice_free),
    [AEGIS_CALL_SLICE_GIVE] = FUNCTION(call_slice_give),
    [AEGIS_CALL_SLICE_SET] = FUNCTION(call_slice_set),
    [AEGIS_CALL_LINE_READ] = FUNCTION(call_line_read),
    [AEGIS_CALL_LINE_WRITE] = FUNCTION(call_line_write),
    [AEGIS_CALL_LINE_GET] = FUNCTION(call_line_get),
    [AEGIS_CALL_LINE_PUT] = FUNCTION(call_line_put),
    [AEGIS_CALL_EXTENT_CREATE] = FUNCTION(call_extent_create),
    [AEGIS_CALL_EXTENT_FREE] = FUNCTION(call_extent_free),
    [AEGIS_CALL_DISK_READ] = FUNCTION(call_disk_read),
    [AEGIS_CALL_DISK_WRITE] = FUNCTION(call_disk_write),
    [AEGIS_CALL_CLOCK_READ] = FUNCTION(call_clock_read),
    [AEGIS_CALL_HALT] = FUNCTION(call_halt),
    [AEGIS_CALL_FILTER_INSTALL] = FUNCTION(call_filter_install),
    [AEGIS_CALL_FILTER_REMOVE] = FUNCTION(call_filter_remove),
    [AEGIS_CALL_FILTER_RING] = FUNCTION(call_filter_ring),
    [AEGIS_CALL_FILTER_HANDLER] = FUNCTION(call_filter_handler),
    [AEGIS_CALL_PACKET_SEND] = FUNCTION(call_packet_send),
    [AEGIS_CALL_ASH_DOWNLOAD] = FUNCTION(call_ash_download),
    [AEGIS_CALL_ASH_REMOVE] = FUNCTION(call_ash_remove),
    [AEGIS_CALL_ASH_PAGE] = FUNCTION(call_ash_page),
    [AEGIS_CALL_TILE_ALLOC] = FUNCTION(call_tile_alloc),
    [AEGIS_CALL_TILE_FREE] = FUNCTION(call_tile_free),
    [AEGIS_CALL_TILE_MAP] = FUNCTION(call_tile_map),
};
