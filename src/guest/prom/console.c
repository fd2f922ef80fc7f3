/*
 * The serial console: channel B of the second SCC, 9600 8N1, polled. Data sheet: Zilog Z85C30.
 * While the firmware itself works its output is queued and goes out from `console_poll`, because one character
 * takes as long as 26000 cycles of self test. Calls through the call vector find the queue off. The receiver stays
 * off until something reads, so that input meant for a kernel is not swallowed before it runs.
 */
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
#define QUEUE_SIZE 1024

static uint8_t queue[QUEUE_SIZE];
static uint32_t queue_head, queue_tail;
static int is_queueing;
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

void console_init(void)
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
const char *console_test(void)
{
    (void)REGISTER8(CONTROL_B);
    if (scc_read(CONTROL_B, 12) != TIME_CONSTANT_9600)
        return "time constant";
    scc_write(CONTROL_A, 12, 0x5a);
    if (scc_read(CONTROL_A, 12) != 0x5a)
        return "channel A";
    return NULL;
}

static void transmit(int c)
{
    while ((REGISTER8(CONTROL_B) & RR0_TX_EMPTY) == 0)
        PAUSE();
    REGISTER8(DATA_B) = (uint8_t)c;
}

void console_poll(void)
{
    if (queue_head != queue_tail && (REGISTER8(CONTROL_B) & RR0_TX_EMPTY) != 0)
        REGISTER8(DATA_B) = queue[queue_tail++ % QUEUE_SIZE];
}

static void flush_queue(void)
{
    while (queue_head != queue_tail) {
        console_poll();
        PAUSE();
    }
}

void console_queue(int is_on)
{
    if (!is_on)
        flush_queue();
    is_queueing = is_on;
}

void console_drain(void)
{
    flush_queue();
    while ((scc_read(CONTROL_B, 1) & RR1_ALL_SENT) == 0)
        PAUSE();
}

static void put_raw(int c)
{
    if (!is_queueing) {
        transmit(c);
        return;
    }
    while (queue_head - queue_tail == QUEUE_SIZE)
        console_poll();
    queue[queue_head++ % QUEUE_SIZE] = (uint8_t)c;
    console_poll();
}

void console_put(int c)
{
    if (c == '\n')
        put_raw('\r');
    put_raw(c);
}

int console_has_input(void)
{
    if (!is_receiving) {
        is_receiving = 1;
        scc_write(CONTROL_B, 3, WR3_8_BITS | WR3_RX_ENABLE);
    }
    return (REGISTER8(CONTROL_B) & RR0_RX_AVAILABLE) != 0;
}

int console_get(void)
{
    flush_queue();
    while (!console_has_input())
        PAUSE();
    return REGISTER8(DATA_B);
}

/* Backspace and delete rub out one character, Ctrl-U the line, Ctrl-C abandons it. */
char *console_gets(char *line, uint32_t size)
{
    uint32_t length = 0;
    for (;;) {
        int c = console_get() & 0x7f;
        if (c == '\r' || c == '\n')
            break;
        if (c == 3) {
            prom_printf("^C");
            length = 0;
            break;
        }
        if (c == '\b' || c == 0x7f || c == 0x15) {
            uint32_t count = c == 0x15 ? length : length > 0;
            for (; count > 0; count--, length--)
                prom_printf("\b \b");
        } else if (c >= ' ' && length + 1 < size) {
            line[length++] = (char)c;
            console_put(c);
        }
    }
    line[length] = 0;
    console_put('\n');
    return line;
}
