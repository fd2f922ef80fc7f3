/*
 * Serving protected control transfers. Aegis does no access control on them and neither do we: the
 * handler is told who calls, from the exported record, and decides.
 */
#include "process.h"
#include <generated/library-calls.h>

#define SERVE_STACK_SIZE 2048

void transfer_serve(uint32_t callee, uint32_t argument) __attribute__((noreturn));
void transfer_open(void);

uint32_t transfer_is_open;
static uint32_t serve_stack[SERVE_STACK_SIZE / 4] __attribute__((aligned(8)));
static uint32_t (*server)(uint32_t caller, uint32_t argument);

void *exo_on_scall(uint32_t (*handler)(uint32_t caller, uint32_t argument))
{
    void *old = (void *)server;

    server = handler;
    UPAGE_WORD(U_SERVE_SP) = (uint32_t)serve_stack + SERVE_STACK_SIZE - 32;
    return old;
}

/* Entered from scall_entry on the serving stack, with the caller's a1. */
void transfer_serve(uint32_t callee, uint32_t argument)
{
    uint32_t caller = memory_env_record(UPAGE->envid)->caller;
    uint32_t result = 0;

    (void)callee;
    if (server)
        result = server(caller, argument);
    for (;;) {
        register uint32_t v0 __asm__("$2") = AEGIS_CALL_SCALL;
        register uint32_t a0 __asm__("$4") = caller;
        register uint32_t a1 __asm__("$5") = result;
        __asm__ volatile("syscall" : "+r"(v0) : "r"(a0), "r"(a1) : "memory");
        yield_to(0); /* the caller is gone: give the slice on */
    }
}

void scall_entry(void);

/*
 * From now on others may transfer into this environment; replies to our own transfers come the same
 * way.
 */
void transfer_open(void)
{
    aegis_env_set(0, AEGIS_FIELD_SCALL, (uint32_t)scall_entry, 0);
    transfer_is_open = 1;
}

void transfer_admit(bool is_open)
{
    if (transfer_is_open)
        aegis_env_set(0, AEGIS_FIELD_SCALL, is_open ? (uint32_t)scall_entry : 0, 0);
}

void exo_serve(void)
{
    transfer_open();
    for (;;) {
        process_enter();
        process_wait_event(process_events(), 0);
        process_leave();
    }
}
