/*
 * Terminal input and output on the line that the start page names (line.h). Aegis keeps no buffers:
 * ours is here.
 */
#include "line.h"
#include "memory.h"
#include "process.h"
#include <stdbool.h>
#include <string.h>

#define INPUT_SIZE 256
#define END_OF_INPUT 4
#define DROP_LINE 3 /* ^C */
#define ERASE_LINE 21 /* ^U */
#define BACKSPACE 8
#define DELETE 127

static char input[INPUT_SIZE];
static uint32_t input_count; /* bytes of the finished line */
static uint32_t input_next;
static bool is_at_end;

void line_start(void)
{
    if (START->line != START_NO_LINE)
        aegis_bind(&START->line_capability, 0);
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

static int next_byte(void)
{
    for (;;) {
        uint32_t seen = process_events();
        int byte = aegis_line_get(START->line);
        if (byte != -E_AGAIN)
            return byte;
        process_wait_event(seen, 0);
    }
}

static void echo(const char *text, uint32_t count)
{
    if (!START->is_quiet)
        line_write(text, count);
}

/* Gathers one line with editing; leaves it in `input`. */
static int gather(void)
{
    uint32_t count = 0;

    for (;;) {
        int byte = next_byte();
        if (byte < 0)
            return -1;
        if (byte == '\r')
            byte = '\n';
        if (byte == END_OF_INPUT) {
            is_at_end = count == 0;
            break;
        }
        if (byte == ERASE_LINE) {
            for (; count > 0; count--)
                echo("\b \b", 3);
            continue;
        }
        if (byte == DROP_LINE) {
            echo("^C", 2);
            count = 0;
            byte = '\n';
        }
        if (byte == BACKSPACE || byte == DELETE) {
            if (count > 0) {
                count--;
                echo("\b \b", 3);
            }
            continue;
        }
        if (byte != '\n' && (byte < ' ' || count >= INPUT_SIZE - 1))
            continue;
        input[count] = (char)byte;
        echo(&input[count++], 1);
        if (byte == '\n')
            break;
    }
    input_count = count;
    input_next = 0;
    return 0;
}

int line_read(void *to, uint32_t count)
{
    if (START->line == START_NO_LINE || count == 0)
        return 0;
    if (input_next == input_count && gather() < 0)
        return -1;
    if (is_at_end) {
        is_at_end = false;
        return 0;
    }
    uint32_t piece = input_count - input_next < count ? input_count - input_next : count;
    memcpy(to, input + input_next, piece);
    input_next += piece;
    return (int)piece;
}
