/*
 * Power-on to kernel: console, memory, environment, self test, then a pending network boot, the boot device, or the
 * prompt; holding the halt button down leads to the prompt as well. And the report of an exception that nobody expected.
 */
#include "prom.h"

static void start_chips(void)
{
    serial_init();
    clock_init();
    memory_probe();
}

void prom_main(uint32_t is_warm)
{
    start_chips();
    environment_init();
    if (is_warm) {
        const char *action = environment_get("haltaction");
        if (action == NULL || action[0] == 'h')
            boot_halt();
    }
    console_queue(1);
    prom_printf("\n" BOARD_BANNER "\n");
    if (!selftest_run())
        prom_prompt_restart();
    if (!boot_pending_request() && !board_wants_prompt())
        (void)boot_device();
    prom_prompt_restart();
}

static const char *const causes[] = {"interrupt", "TLB modification", "TLB miss on load", "TLB miss on store",
                                     "address error on load", "address error on store", "bus error on fetch",
                                     "bus error on load", "system call", "breakpoint", "reserved instruction",
                                     "coprocessor unusable", "overflow"};

void trap_report(const struct trap_frame *frame)
{
    uint32_t code = (frame->cause >> 2) & 31;
    int i;
    console_queue(0);
    serial_init();
    prom_printf("\n?EXCEPTION %s\n", code < sizeof causes / sizeof causes[0] ? causes[code] : "unknown");
    prom_printf(" epc %08x cause %08x status %08x badvaddr %08x\n", frame->epc, frame->cause, frame->status,
                frame->badvaddr);
    for (i = 0; i < 32; i++)
        prom_printf("%s%2d %08x", i % 4 == 0 ? "\n " : "  ", i, frame->registers[i]);
    prom_printf("\n");
    board_clear_errors();
    prom_prompt_restart();
}
