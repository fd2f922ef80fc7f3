/*
 * Interrupts: who wants attention. Devices first, the clock last, because it may not come back.
 * Primitive operations that need C, and must change no register, come here too.
 */
#include "aegis.h"
#include "network.h"

uint32_t interrupt(uint32_t cause, uint32_t epc)
{
    uint32_t requests;
    kernel_bool may_wake;
    if (CAUSE_CODE(cause) == CAUSE_SYSCALL)
        return context_named_for_call(epc);
    requests = board.requests(cause);
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
