/*
 * Interrupts: who wants attention. Devices first, the clock last, because it may not come back. The
 * FPU's is an exception of the program: it did not complete the operation at EPC. Primitive operations
 * that need C, and must change no register, come here too.
 */
#include "aegis.h"
#include "network.h"

/* kernel_state.frame, from which the way out loads the user's registers. */
#define FRAME_T0 7
#define FRAME_T1 8
#define FRAME_T2 9

/* Hands it on as vectors.S does with the processor's: t0 = EPC, t1 = FCR31, t2 = Cause. */
static uint32_t fpu_exception(uint32_t cause, uint32_t epc, uint32_t control)
{
    struct aegis_env *env = current_env;
    const uint32_t *handler = &env->exceptions[AEGIS_CAUSE_FPU * 4];
    uint32_t *frame = kernel_state.frame, *save = (uint32_t *)handler[1];
    cause = (cause & ~0x7cu) | AEGIS_CAUSE_FPU << 2;
    if (!(env->status & STATUS_CU1)) /* nobody's operation */
        return epc;
    if (handler[0] == NO_HANDLER)
        env_fault(cause, epc, control);
    save[0] = frame[FRAME_T0];
    save[1] = frame[FRAME_T1];
    save[2] = frame[FRAME_T2];
    frame[FRAME_T0] = epc;
    frame[FRAME_T1] = control;
    frame[FRAME_T2] = cause;
    return handler[0];
}

uint32_t interrupt(uint32_t cause, uint32_t epc)
{
    uint32_t requests;
    kernel_bool may_wake;
    if (CAUSE_CODE(cause) == CAUSE_SYSCALL)
        return context_named_for_call(epc);
    requests = board.requests(cause);
    if (cause & STATUS_IP(FPU_IP)) {
        uint32_t control = fpu_acknowledge();
        if (requests == 0) /* else the operation comes again, and with it the exception */
            return fpu_exception(cause, epc, control);
    }
    may_wake = (requests & ~(uint32_t)REQUEST_NETWORK) != 0;
    if (requests & REQUEST_LINES)
        line_interrupt();
    if (requests & REQUEST_CONSOLE)
        line_console_interrupt();
    if (requests & REQUEST_DISK)
        disk_interrupt();
    if ((requests & REQUEST_NETWORK) || network_is_behind)
        may_wake |= network_interrupt();
    if (requests & REQUEST_ERROR)
        panic("bus timeout or memory error");
    if (requests & REQUEST_CLOCK)
        epc = clock_interrupt(epc);
    if (current_env == &nobody && may_wake)
        slice_schedule(); /* idle has nothing to return to */
    return epc;
}
