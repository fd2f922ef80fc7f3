/* Interrupts: who wants attention. Devices first, the clock last, because it may not come back. */
#include "aegis.h"
#include "network.h"

uint32_t interrupt(uint32_t cause, uint32_t epc)
{
    uint32_t requests = 0;
    if (cause & STATUS_IM_MUX)
        line_interrupt();
    if (cause & STATUS_IM_IOASIC) {
        requests = IOASIC_SIR & IOASIC_SIMR;
        if (requests & SIR_SCC1)
            line_console_interrupt();
        if (requests & SIR_SCSI)
            disk_interrupt();
        if (requests & SIR_LANCE)
            network_interrupt();
        if (requests & SIR_BUS) {
            MEMORY_INTERRUPT = 0;
            panic("bus timeout or memory error");
        }
        if (requests & SIR_RTC)
            epc = clock_interrupt(epc);
    }
    if (current_env == &nobody)
        slice_schedule(); /* somebody may have been woken; idle has nothing to return to */
    return epc;
}
