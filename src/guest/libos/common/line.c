/*
 * Terminal input and output on the line that the start page names (line.h). Aegis keeps no buffers:
 * ours is here.
 */
#include "line.h"
#include "edit.h"
#include "memory.h"
#include "process.h"
#include <generated/library-calls.h>
#include <string.h>

#define INPUT_SIZE 256
#define AHEAD_SIZE 64
#define INTERRUPT 3 /* ^C */
#define STATUS_INTERRUPT 130

static char input[INPUT_SIZE];
static uint32_t input_count; /* bytes of the finished line */
static uint32_t input_next;
/* What came while a child ran, to be read before the line. */
static char ahead[AHEAD_SIZE];
static uint32_t ahead_count;
static bool takes_interrupts;
static bool is_reader;

void line_start(void)
{
    struct aegis_capability output;

    if (START->line == START_NO_LINE)
        return;
    aegis_derive(&START->line_capability, AEGIS_RIGHT_WRITE, &output);
    aegis_bind(&output, 0);
}

int line_write(const void *from, uint32_t count)
{
    const uint8_t *bytes = from;
    uint32_t left = count;

    if (START->line == START_NO_LINE)
        return (int)count;
    while (left > 0) {
        uint32_t piece = left < IO_LINE_SIZE ? left : IO_LINE_SIZE;
        memcpy((void *)(IO_PAGE + IO_LINE), bytes, piece);
        for (uint32_t done = 0; done < piece;) {
            uint32_t seen = process_events();
            int moved = aegis_line_write(START->line, io_physical + IO_LINE + done, piece - done);
            if (moved == -E_AGAIN)
                process_wait_event(seen, 0);
            else if (moved < 0)
                return -1;
            else
                done += (uint32_t)moved;
        }
        bytes += piece;
        left -= piece;
    }
    return (int)count;
}

void line_echo(const char *text, uint32_t count)
{
    if (!START->is_quiet)
        line_write(text, count);
}

void line_interrupt(void)
{
    line_echo("^C\n", 3);
    if (!takes_interrupts)
        process_end(STATUS_INTERRUPT);
}

void exo_take_interrupts(void)
{
    takes_interrupts = true;
}

bool line_is_watched(void)
{
    const volatile struct aegis_line *lines =
        (const volatile struct aegis_line *)(EXPORT_VIEW + AEGIS_EXPORT_LINES);

    return takes_interrupts && !START->is_quiet && START->line != START_NO_LINE
           && lines[START->line].readers == 1u << (UPAGE->envid & (AEGIS_ENV_COUNT - 1));
}

bool line_watch(void)
{
    while (ahead_count < AHEAD_SIZE) {
        int byte = aegis_line_get(START->line);
        if (byte < 0)
            return false;
        if (byte == INTERRUPT) {
            ahead_count = 0;
            line_interrupt();
            return true;
        }
        ahead[ahead_count++] = (char)byte;
    }
    return false;
}

static int next_byte(void)
{
    if (ahead_count > 0) {
        uint8_t byte = (uint8_t)ahead[0];
        memmove(ahead, ahead + 1, --ahead_count);
        return byte;
    }
    for (;;) {
        uint32_t seen = process_events();
        int byte = aegis_line_get(START->line);
        if (byte != -E_AGAIN)
            return byte;
        process_wait_event(seen, 0);
    }
}

int line_read(void *to, uint32_t count)
{
    if (START->line == START_NO_LINE || count == 0)
        return 0;
    if (!is_reader)
        is_reader = aegis_bind(&START->line_capability, 0) >= 0;
    if (input_next == input_count) {
        int length = edit_line(input, INPUT_SIZE, next_byte);
        if (length <= 0)
            return length;
        input_count = (uint32_t)length;
        input_next = 0;
    }
    uint32_t piece = input_count - input_next < count ? input_count - input_next : count;
    memcpy(to, input + input_next, piece);
    input_next += piece;
    return (int)piece;
}
