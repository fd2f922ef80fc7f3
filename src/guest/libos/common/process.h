/*
 * The process as a whole: entering and leaving the library, waiting, traps, pending upcalls,
 * starting and ending.
 */
#ifndef LIBOS_PROCESS_H
#define LIBOS_PROCESS_H

#include "layout.h"
#include "memory.h"
#include "start-page.h"

#define START ((struct start_page *)G_ADDRESS(G_START))
#define UPAGE ((volatile struct aegis_upage *)G_ADDRESS(G_UPAGE))
#define UPAGE_WORD(offset) (*(volatile uint32_t *)(G_BASE + (offset)))

/* One page of ours whose physical address Aegis's calls can be given. */
#define IO_PAGE ((volatile uint8_t *)G_ADDRESS(G_IO))
#define IO_COMPLETION 0 /* offsets in it */
#define IO_LINE 1024
#define IO_LINE_SIZE 1024
extern uint32_t io_physical;

/* While the library is at work pending upcalls wait; leaving the outermost call serves them. */
void process_enter(void);
void process_leave(void);

/* Reads the program file; `physical_page` not 0: `to` is the start of that page, for DMA. */
int process_read_program(uint32_t offset, void *to, uint32_t size, uint32_t physical_page);

/* Reads a page of any file of the root disk. */
struct ext2_file;
int process_read_page(struct ext2_file *file, uint32_t offset, uint32_t physical_page);

/*
 * Skips slices until the word at a physical address differs from `old`, an upcall is pending, or
 * the tick.
 */
int process_wait(uint32_t physical, uint32_t old, uint32_t deadline);

/* Gives the rest of this slice to an environment, or (0) to whoever is next. */
int yield_to(uint32_t envid);

/*
 * Waits for the next event of this environment after the count `seen` (process_events). Serves
 * upcalls too.
 */
uint32_t process_events(void);
void process_wait_event(uint32_t seen, uint32_t deadline);

/* While not 0 somebody in the library holds physical names, which an emergency would change. */
extern uint32_t process_names_held;

/* Asynchronous transfer; the rest of the slice goes along (lib/wait.S). */
int acall_to(uint32_t envid, uint32_t a1, uint32_t a2, uint32_t a3);

/* Fails a call: -1, errno set. */
int process_fail(int error);

/* A line on the terminal about this process, from the library OS itself. */
void process_complain(const char *what);

/*
 * fpu.S: calls a handler of the program that it may not be waiting for: the FPU's registers are the
 * interrupted code's as well, and kept for it if it uses any.
 */
typedef void handler(void); /* any */
int call_handler(uint32_t first, uint32_t second, uint32_t third, handler *called);

/* The address space's handler of the exceptions (upcalls.S calls it). */
void trap(struct trap_frame *frame);

/* Serves what is pending in the upage. */
void pending(void);
/* Forgets pages that were taken by force: before anything looks at the page table. */
void pending_repossession(void);

/* Emergency: puts this environment into the hands of a swap server, until it is back. */
void swap_submit(uint32_t server);

/* Transfers into this environment: refused (0) or served, if they ever were. */
void transfer_admit(bool is_open);

/* Ends the environment: a program's status, STATUS_LIBOS or STATUS_FAULT + ExcCode. */
void process_end(uint32_t status) __attribute__((noreturn));
/* Of a program, which has statuses below STATUS_LIBOS. */
void exo_exit(int status) __attribute__((noreturn));

#endif
