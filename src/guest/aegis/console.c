/*
 * Aegis's own messages, on the board's serial console: SCC1 channel B, polled, 9600 8N1 as the
 * firmware set it up. And the end of the machine: a panic, and a halt through the firmware.
 */
#include "aegis.h"

#define RR0_RX_AVAILABLE 0x01
#define RR0_TX_EMPTY 0x04

#define WR1_RECEIVE_INTERRUPTS 0x10
#define WR3_RECEIVE_8_BITS 0xc1
#define WR9_MASTER_ENABLE 0x08

static void write_register(uint32_t index, uint32_t value)
{
    SCC1_B_CONTROL = index << 8;
    SCC1_B_CONTROL = value << 8;
}

/*
 * The firmware leaves the receiver off. Received bytes raise SIR.SCC1; SIMR decides whether anybody
 * hears it.
 */
void console_enable_interrupt(void)
{
    write_register(3, WR3_RECEIVE_8_BITS);
    write_register(1, WR1_RECEIVE_INTERRUPTS);
    write_register(9, WR9_MASTER_ENABLE);
}

static uint32_t control(void)
{
    return SCC1_B_CONTROL >> 8 & 0xff;
}

void console_put(char c)
{
    if (c == '\n')
        console_put('\r');
    while (!(control() & RR0_TX_EMPTY))
        ;
    SCC1_B_DATA = (uint32_t)(uint8_t)c << 8;
}

int32_t console_get(void)
{
    return control() & RR0_RX_AVAILABLE ? (int32_t)(SCC1_B_DATA >> 8 & 0xff) : -1;
}

void console_print(const char *text)
{
    while (*text)
        console_put(*text++);
}

void console_hex(uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        console_put("0123456789abcdef"[value >> shift & 15]);
}

void console_number(uint32_t value)
{
    char digits[10];
    int n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (n > 0)
        console_put(digits[--n]);
}

void panic(const char *message)
{
    trace_panic(message);
    console_print("\nAegis: panic: ");
    console_print(message);
    console_print("\n");
    machine_halt();
}

void kernel_fault(uint32_t cause, uint32_t epc, uint32_t address)
{
    console_print("\nAegis: exception in the kernel: cause ");
    console_hex(cause);
    console_print(" epc ");
    console_hex(epc);
    console_print(" address ");
    console_hex(address);
    panic("exception in the kernel");
}
