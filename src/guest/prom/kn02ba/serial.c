/* The console's line: channel B of the second SCC, 9600 8N1. Data sheet: Zilog Z85C30. */
#include "prom.h"

#define CONTROL_A (SCC1_BASE + 9)
#define CONTROL_B (SCC1_BASE + 1)
#define DATA_B (SCC1_BASE + 5)
#define RR0_RX_AVAILABLE 0x01
#define RR0_TX_EMPTY 0x04
#define RR1_ALL_SENT 0x01
#define WR3_8_BITS 0xc0
#define WR3_RX_ENABLE 0x01
#define WR5_DTR_RTS_8_BITS 0xe2
#define WR5_TX_ENABLE 0x08
#define TIME_CONSTANT_9600 22 /* 7.3728 MHz / (2 * 16 * 9600) - 2 */

#define DRAIN_SPINS 600 /* a few characters */

static int is_receiving;

static void scc_write(uint32_t control, uint8_t index, uint8_t value)
{
    REGISTER8(control) = index;
    REGISTER8(control) = value;
}

static uint8_t scc_read(uint32_t control, uint8_t index)
{
    REGISTER8(control) = index;
    return REGISTER8(control);
}

void serial_init(void)
{
    uint32_t spins;
    (void)REGISTER8(CONTROL_B); /* register pointer back to 0 */
    /* What a kernel said last is still on its way. */
    for (spins = 0; spins < DRAIN_SPINS && (scc_read(CONTROL_B, 1) & RR1_ALL_SENT) == 0; spins++)
        PAUSE();
    scc_write(CONTROL_B, 9, 0x40);
    scc_write(CONTROL_B, 4, 0x44);
    scc_write(CONTROL_B, 3, WR3_8_BITS);
    scc_write(CONTROL_B, 5, WR5_DTR_RTS_8_BITS);
    scc_write(CONTROL_B, 11, 0x50);
    scc_write(CONTROL_B, 12, TIME_CONSTANT_9600);
    scc_write(CONTROL_B, 13, 0);
    scc_write(CONTROL_B, 14, 0x02);
    scc_write(CONTROL_B, 14, 0x03);
    scc_write(CONTROL_B, 5, WR5_DTR_RTS_8_BITS | WR5_TX_ENABLE);
    scc_write(CONTROL_B, 1, 0);
    scc_write(CONTROL_B, 15, 0);
    (void)REGISTER8(CONTROL_A);
    scc_write(CONTROL_A, 5, 0x82); /* channel B's DTR and RTS pins hang on A */
    is_receiving = 0;
}

/* The baud rate generator's time constant can be read back; the transmitter must be empty after a reset. */
const char *serial_test(void)
{
    (void)REGISTER8(CONTROL_B);
    if (scc_read(CONTROL_B, 12) != TIME_CONSTANT_9600)
        return "time constant";
    scc_write(CONTROL_A, 12, 0x5a);
    if (scc_read(CONTROL_A, 12) != 0x5a)
        return "channel A";
    return NULL;
}

int serial_can_send(void)
{
    return (REGISTER8(CONTROL_B) & RR0_TX_EMPTY) != 0;
}

void serial_send(int c)
{
    REGISTER8(DATA_B) = (uint8_t)c;
}

void serial_drain(void)
{
    while ((scc_read(CONTROL_B, 1) & RR1_ALL_SENT) == 0)
        PAUSE();
}

int serial_has_input(void)
{
    if (!is_receiving) {
        is_receiving = 1;
        scc_write(CONTROL_B, 3, WR3_8_BITS | WR3_RX_ENABLE);
    }
    return (REGISTER8(CONTROL_B) & RR0_RX_AVAILABLE) != 0;
}

int serial_receive(void)
{
    return REGISTER8(DATA_B);
}
