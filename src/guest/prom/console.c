/*
 * The console: output, input and line editing over the board's serial line (`serial.c`), polled.
 * While the firmware itself works its output is queued and goes out from `console_poll`, because one character
 * takes as long as 17000 to 26000 cycles of self test. Calls through the call vector find the queue off. The receiver stays
 * off until something reads, so that input meant for a kernel is not swallowed before it runs.
 */
#include "prom.h"

#define QUEUE_SIZE 1024

static uint8_t queue[QUEUE_SIZE];
static uint32_t queue_head, queue_tail;
static int is_queueing;

static void transmit(int c)
{
    while (!serial_can_send())
        PAUSE();
    serial_send(c);
}

void console_poll(void)
{
    if (queue_head != queue_tail && serial_can_send())
        serial_send(queue[queue_tail++ % QUEUE_SIZE]);
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
    serial_drain();
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

int console_get(void)
{
    flush_queue();
    while (!serial_has_input())
        PAUSE();
    return serial_receive();
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
