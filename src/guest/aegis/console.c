/*
 * Aegis's own messages, on the board's serial console. And the end of the machine: a panic, and a
 * halt through the firmware.
 */
#include "aegis.h"

void console_put(char c)
{
    if (c == '\n')
        console_put('\r');
    board.console->send((uint8_t)c);
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
