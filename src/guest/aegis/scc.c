/*
 * The console on the KN02-BA: SCC1 channel B, polled, 9600 8N1 as the firmware set it up. Received
 * bytes raise SIR.SCC1; SIMR decides whether anybody hears it.
 */
#include "kn02ba.h"

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

static uint32_t control(void)
{
    return SCC1_B_CONTROL >> 8 & 0xff;
}

static void init(void)
{
    write_register(3, WR3_RECEIVE_8_BITS);
    write_register(1, WR1_RECEIVE_INTERRUPTS);
    write_register(9, WR9_MASTER_ENABLE);
}

static void send(uint32_t byte)
{
    while (!(control() & RR0_TX_EMPTY))
        ;
    SCC1_B_DATA = byte << 8;
}

static int32_t receive(void)
{
    return control() & RR0_RX_AVAILABLE ? (int32_t)(SCC1_B_DATA >> 8 & 0xff) : -1;
}

static void listen(int is_on)
{
    if (is_on)
        IOASIC_SIMR |= SIR_SCC1;
    else
        IOASIC_SIMR &= ~SIR_SCC1;
}

const struct console_chip console_scc = {init, send, receive, listen};
