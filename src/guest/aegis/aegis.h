/*
 * The map of the kernel: one group per file, in the order of the files. Every call's C function is
 * called from stack_call with the caller's arguments; it checks first and acts second, and returns
 * zero or more, or -E_*. What a call demands is written in src/abi/calls.ts; here stands what the
 * functions keep true.
 */
#ifndef AEGIS_H
#define AEGIS_H

#include <stdint.h>
#include "abi.h"
#include "assert.h"
#include "hardware.h"

typedef char kernel_bool;

typedef void entry_point(void);

#define VECTOR_COUNT 32
#define CALL_ROOM 128

/*
 * The kernel's private state, one page, also mapped at 0xfffff000 for the assembly. Offsets are
 * known to kernel-asm.h.
 */
struct kernel_state {
    entry_point *vectors[VECTOR_COUNT];
    struct aegis_env *records[AEGIS_ENV_COUNT];
    uint32_t gates[AEGIS_ENV_COUNT];
    uint32_t gap[AEGIS_ENV_COUNT];
    entry_point *calls[CALL_ROOM];
    entry_point *functions[CALL_ROOM];
    uint32_t k1; /* user k1 since the last entry */
    uint32_t t[4];
    uint32_t sp;
    uint32_t ra;
    uint32_t stack;
    uint32_t page_count;
    uint32_t is_lent; /* 1: the position being served does not go with a synchronous transfer */
    uint32_t reserved[2];
    struct aegis_capability result; /* returned in a0-a3 */
    uint32_t frame[22]; /* registers at an interrupt, in the order of kernel-asm.h */
    uint32_t no_save_area[3]; /* where an exception without a handler leaves t0-t2 */
};
_Static_assert(AEGIS_CALL_COUNT <= CALL_ROOM, "call tables");
_Static_assert(__builtin_offsetof(struct kernel_state, calls) == 0x200, "K_CALLS");
_Static_assert(__builtin_offsetof(struct kernel_state, k1) == 0x600, "K_K1");
_Static_assert(__builtin_offsetof(struct kernel_state, page_count) == 0x620, "K_PAGE_COUNT");
_Static_assert(__builtin_offsetof(struct kernel_state, result) == 0x630, "K_RESULTS");
_Static_assert(__builtin_offsetof(struct kernel_state, frame) == 0x640, "K_FRAME");

extern struct kernel_state kernel_state;
#define FRAME_V0 1
#define FRAME_A0 3

/* Who has the processor; the record `nobody`, which is all zero but for its handlers, when idle. */
#define current_env ((struct aegis_env *)header->current)
extern struct aegis_env nobody;

/*
 * Where the call under way returns to. Nothing in the kernel takes an exception, so the register
 * still holds it.
 */
static inline uint32_t call_return_pc(void)
{
    uint32_t epc;
    __asm__ volatile("mfc0 %0, $14\n\tnop" : "=r"(epc));
    return epc + 4;
}

/* state.c. */
void state_init(uint32_t page_count);

/* export.c: the structures that every environment may map read-only. */
#define EXPORTED(type, address) ((struct type *)(KSEG0 + (address)))
#define header EXPORTED(aegis_header, AEGIS_EXPORT_HEADER)
#define contexts EXPORTED(aegis_context, AEGIS_EXPORT_CONTEXTS)
#define envs EXPORTED(aegis_env, AEGIS_EXPORT_ENVIRONMENTS)
#define page_records EXPORTED(aegis_page, AEGIS_EXPORT_PAGES)
#define slices EXPORTED(aegis_slices, AEGIS_EXPORT_SLICES)
#define lines EXPORTED(aegis_line, AEGIS_EXPORT_LINES)
#define extents EXPORTED(aegis_extent, AEGIS_EXPORT_EXTENTS)
#define tiles EXPORTED(aegis_tile, AEGIS_EXPORT_TILES)
#define colour_map EXPORTED(aegis_colour, AEGIS_EXPORT_COLOURS)
#define dma_queue EXPORTED(aegis_dma, AEGIS_EXPORT_DMA)
#define stlb EXPORTED(aegis_stlb_entry, AEGIS_EXPORT_STLB)
void export_init(uint32_t page_count);

/*
 * capability.c. Records of pages, lines, extents, tiles and colours begin alike, so binding is one
 * piece of code for all.
 */
struct binding {
    uint32_t owner, readers, writers, epoch;
};
void capability_init(const uint8_t seed[16]);
void capability_make(struct aegis_capability *made, uint32_t kind, uint32_t instance,
                     uint32_t rights);
int32_t call_bind(uint32_t name, uint32_t rights, uint32_t tag0, uint32_t tag1, uint32_t envid);
int32_t call_unbind(uint32_t kind, uint32_t instance);
int32_t call_mint(uint32_t kind, uint32_t instance, uint32_t rights);
int32_t call_derive(uint32_t name, uint32_t rights, uint32_t tag0, uint32_t tag1, uint32_t fewer);
int32_t call_recap(uint32_t kind, uint32_t instance);

/*
 * page.c. Invariant: owner is FREE exactly for the pages on the free list; readers and writers of
 * those are 0.
 */
int32_t call_page_alloc(uint32_t page);
int32_t call_page_alloc_colour(uint32_t colour);
int32_t call_page_free(uint32_t page);
int32_t call_page_give(uint32_t page, uint32_t envid);
int32_t call_cache_flush(uint32_t address, uint32_t bytes);
/* Takes the first free run of `count` contiguous pages for `owner` (boot only). */
uint32_t page_take_run(struct aegis_env *owner, uint32_t count);
void page_free_append(uint32_t page);
void page_release(uint32_t page);
/* The write of a repossessed page to its backing store is over. */
void page_saved(uint32_t page);
/* Breaks every mapping of a page in TLB and STLB, and its queued DMA; the mappings alone. */
void page_break(uint32_t page);
void page_unmap(uint32_t page);
/*
 * Between begin and end, in one kernel entry, pages of an environment are unmapped one after the
 * other, in a time that does not grow with the number of places that they are mapped in. A sweep
 * breaks the mappings of all pages that it owns, and all of its own contexts when it ends.
 */
void page_unmap_begin(const struct aegis_env *env);
void page_unmap_sweep(kernel_bool is_ending);
void page_unmap_end(void);
/* Removes the guaranteed mappings of a page, except those of `keep`. */
void page_unpin(uint32_t page, const struct aegis_env *keep);
/*
 * Those of an environment that ends, and all of its pages, for each by itself is a search. The sweep
 * that must follow breaks the mappings themselves.
 */
void page_unpin_all(const struct aegis_env *ending);
/* True when its owner's own upage, guaranteed or linear mappings use the page. */
kernel_bool page_is_pinned_by_owner(uint32_t page);
/* True when `env` may read (and write) `bytes` bytes at a physical address, all in one page. */
kernel_bool page_allows(const struct aegis_env *env, uint32_t address, uint32_t bytes,
                        kernel_bool is_write);

/* stlb.c, tlb.S. */
void stlb_init(void);
void stlb_put(uint32_t entry_hi, uint32_t entry_lo);
void stlb_purge(uint32_t entry_hi);
void stlb_purge_page(uint32_t page);
/* Where the bits of EntryHi under a mask are a value. */
void stlb_purge_matching(uint32_t mask, uint32_t value);
void stlb_purge_owned(uint32_t envid, kernel_bool is_ending);
void tlb_clear(void);
/* Maps a page of the kernel in kseg2 for good; index below 8. */
void tlb_wire(uint32_t index, uint32_t entry_hi, uint32_t entry_lo);
void tlb_purge(uint32_t entry_hi);
void tlb_purge_matching(uint32_t hi_mask, uint32_t hi_value, uint32_t lo_mask, uint32_t lo_value);
void cache_invalidate(uint32_t kseg0, uint32_t bytes, uint32_t swap);
#define CACHE_SWAP 0x00020000u

/* context.c. */
/* Has a context have an ASID, at the expense of others when need be. */
void context_name(uint32_t number);
/*
 * A transfer or cid_switch found a context without an ASID: it gets one, and the call is made again,
 * at the PC that this returns.
 */
uint32_t context_named_for_call(uint32_t epc);
/* Removes the mapping of an address from TLB and STLB in every context of an environment. */
void context_purge(const struct aegis_env *env, uint32_t virtual);
void context_make_first(struct aegis_env *env);
/* Frees the contexts and ASIDs of an environment, whose mappings are broken by now. */
void context_forget(struct aegis_env *env);
int32_t call_context_alloc(void);
int32_t call_context_free(uint32_t context);

/* fpu.S: FCR31, whose cause bits are cleared, and the interrupt with them. */
uint32_t fpu_acknowledge(void);

/* env.c. */
struct aegis_env *env_find(uint32_t envid);
/* The environment a call means: 0 is the caller; another one only under control. */
struct aegis_env *env_controlled(uint32_t envid, int32_t *error);
struct aegis_env *env_make(struct aegis_env *parent);
void env_destroy(struct aegis_env *env, uint32_t reason, uint32_t status);
void env_post(struct aegis_env *env, uint32_t pending);
void env_fault(uint32_t cause, uint32_t epc, uint32_t address) __attribute__((noreturn));
void kernel_fault(uint32_t cause, uint32_t epc, uint32_t address) __attribute__((noreturn));
/* The handler of an exception that has none, and what then becomes of it. */
#define NO_HANDLER 0xbffffff0u
void env_no_handler(struct aegis_env *env, uint32_t cause);
int32_t env_pin(struct aegis_env *env, uint32_t index, uint32_t entry_lo);
int32_t call_env_create(void);
int32_t call_env_destroy(uint32_t envid, uint32_t status);
int32_t call_env_reap(uint32_t envid);
int32_t call_env_set(uint32_t envid, uint32_t field, uint32_t value, uint32_t value2);
static inline struct aegis_upage *env_upage(const struct aegis_env *env)
{
    return (struct aegis_upage *)env->upage;
}

/* The current interrupt frame: PC, k1, v0. */
static inline uint32_t *env_frame(const struct aegis_env *env)
{
    return (uint32_t *)env->frame + 4 * env->frame_depth;
}

/*
 * slice.c. The runner of the position being served is written when its slice ends, not at each
 * synchronous transfer: until then it is the current environment, unless the slice was only lent.
 */
void slice_settle(void);
/*
 * Opens or closes an environment for transfers: closed while both its frames hold something, and
 * apart from that while its context has no ASID.
 */
void slice_gate(struct aegis_env *env, kernel_bool is_open);
/* As it was, when the context got or lost its ASID. */
void slice_gate_again(struct aegis_env *env);
void slice_schedule(void) __attribute__((noreturn));
uint32_t slice_tick(uint32_t epc);
/* A tick of 8192 Hz. */
void slice_fast_tick(void);
/* True when an environment runs, and not in a slice upcall. */
kernel_bool slice_is_interruptible(const struct aegis_env *env);
uint32_t slice_announce_end(struct aegis_env *env, uint32_t epc);
void slice_forget(struct aegis_env *env);
int32_t call_yield(uint32_t envid);
int32_t call_wait(uint32_t address, uint32_t old, uint32_t deadline);
int32_t call_slice_alloc(uint32_t position);
int32_t call_slice_free(uint32_t position);
int32_t call_slice_give(uint32_t position, uint32_t envid);
int32_t call_slice_set(uint32_t position, uint32_t envid);

/*
 * revoke.c: what it must know of a kind of resource. `take` breaks every binding of one instance,
 * the first at or above `from` that is not guaranteed, and returns it; AEGIS_ANY when there is none.
 */
struct revocable {
    uint32_t (*held)(const struct aegis_env *env);
    uint32_t (*take)(struct aegis_env *env, uint32_t from);
};
extern const struct revocable page_revocable, line_revocable, extent_revocable, slice_revocable,
    filter_revocable, tile_revocable, colour_revocable;
/* One was given up, perhaps while a demand for its kind is open. */
void revoke_answered(struct aegis_env *env, uint32_t kind);
void revoke_slice(struct aegis_env *env);
void revoke_tick(void);
void revoke_forget(struct aegis_env *env);
/* It stops: the answer to an emergency; any other demand is over without one. */
void revoke_stopped(struct aegis_env *env);
void revoke_deadline_tick(struct aegis_env *env);
int32_t call_revoke(uint32_t envid, uint32_t kind, uint32_t count, uint32_t server);
int32_t call_revoke_refuse(void);

/* line.c, disk.c. */
void line_init(void);
void line_interrupt(void);
void line_console_interrupt(void);
int32_t call_line_read(uint32_t line, uint32_t address, uint32_t count);
int32_t call_line_write(uint32_t line, uint32_t address, uint32_t count);
int32_t call_line_get(uint32_t line);
int32_t call_line_put(uint32_t line, uint32_t byte);
void disk_init(void);
void disk_interrupt(void);
/* Cuts off transfers from or to a page: those of the environments in `slots`. */
void disk_cancel_page(uint32_t page, uint32_t slots);
/* Cuts off transfers of an extent: those of the environments in `slots`. */
void disk_cancel_extent(uint32_t extent, uint32_t slots);
/*
 * Queues the writing of a page to a place that its owner named in the backing list of its upage;
 * false when it names none that it may write, or the queue is full.
 */
kernel_bool disk_save_page(struct aegis_env *env, uint32_t page);
void extent_drop(uint32_t extent);
/* Ends what the environments in `slots` made out of an extent by a binding of it. */
void extent_drop_parts(uint32_t extent, uint32_t slots);
void disk_forget(struct aegis_env *env);
/* True while transfers of an environment are queued or under way. */
kernel_bool disk_is_used_by(const struct aegis_env *env);
uint32_t extent_make(uint32_t owner, uint32_t disk, uint32_t start, uint32_t count);
int32_t call_extent_create(uint32_t disk, uint32_t start, uint32_t count);
int32_t call_extent_free(uint32_t extent);
int32_t call_disk_read(uint32_t extent, uint32_t sector, uint32_t address, uint32_t count,
                       uint32_t completion);
int32_t call_disk_write(uint32_t extent, uint32_t sector, uint32_t address, uint32_t count,
                        uint32_t completion);

/* tile.c. Invariant: readers and writers of a tile without owner are 0, and nobody maps it. */
void tile_init(void);
/* Breaks every mapping of a tile in TLB and STLB. */
void tile_break(uint32_t tile);
void tile_forget(struct aegis_env *env);
int32_t call_tile_alloc(uint32_t tile);
int32_t call_tile_free(uint32_t tile);
int32_t call_tile_map(uint32_t virtual, uint32_t tile, uint32_t writable);

/* colour.c. Invariant: an entry without owner has its usual colour, and nobody is bound to it. */
void colour_init(void);
/* 0 without a colour frame buffer. */
uint32_t colour_count(void);
void colour_forget(const struct aegis_env *env);
int32_t call_colour_alloc(uint32_t entry);
int32_t call_colour_free(uint32_t entry);
int32_t call_colour_set(uint32_t entry, uint32_t value);

/* console.c, clock.c, boot.c, interrupt.c. */
void console_put(char c);
void console_print(const char *text);
void console_hex(uint32_t value);
void console_number(uint32_t value);
void clock_init(uint8_t seed[16]);
/* Serves the clock chip; returns the user PC to go on at. */
uint32_t clock_interrupt(uint32_t epc);
void clock_set_fast(kernel_bool is_fast);
int32_t call_clock_read(uint32_t index);
int32_t call_halt(void);
void machine_halt(void) __attribute__((noreturn));
uint32_t interrupt(uint32_t cause, uint32_t epc);
void boot(uint32_t vector, uint32_t magic) __attribute__((noreturn));

/* entry.S, vectors.S. */
extern entry_point syscall_entry, syscall_in_upcall, interrupt_entry;
void env_enter(struct aegis_env *env, uint32_t pc, uint32_t v0) __attribute__((noreturn));
void idle(uint32_t status) __attribute__((noreturn));
extern const uint32_t utlb_vector[], utlb_vector_end[], general_vector[], general_vector_end[];
extern char __image_end[];

/*
 * trace.c: empty functions whose addresses are the event kinds of src/abi/events.ts. Cold paths
 * only.
 */
void trace_env_create(uint32_t envid, uint32_t parent);
void trace_env_run(uint32_t envid);
void trace_env_destroy(uint32_t envid, uint32_t reason, uint32_t status);
void trace_env_stop(uint32_t envid, uint32_t by);
void trace_env_switch(int32_t slot);
void trace_revoke_ask(uint32_t envid, uint32_t count, uint32_t kind);
void trace_emergency(uint32_t envid, uint32_t server);
void trace_revoke_answer(uint32_t envid, uint32_t kind);
void trace_revoke_refuse(uint32_t envid, uint32_t count, uint32_t spoken, uint32_t kind);
void trace_revoke_tell(uint32_t envid, uint32_t count, uint32_t deadline, uint32_t kind);
void trace_repossess_begin(uint32_t envid, uint32_t kind);
void trace_repossess(uint32_t envid, uint32_t instance, uint32_t kind);
void trace_repossess_end(uint32_t envid, uint32_t kind);
void trace_asid_revoke(uint32_t envid, uint32_t context, uint32_t asid);
void trace_slice_overrun(uint32_t envid, uint32_t excess);
void trace_slice_forfeit(uint32_t envid, uint32_t position);
void trace_fault(uint32_t envid, uint32_t cause, uint32_t epc, uint32_t address);
void trace_panic(const char *message);

#endif
