/* Multiplexer line 0 (README.md): whole lines in, formatted lines out. */
#include "init.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE 0
#define INPUT_SIZE 256
#define OUTPUT_SIZE 1024

static char input[INPUT_SIZE];
static uint32_t input_count;
static char output[OUTPUT_SIZE] __attribute__((aligned(OUTPUT_SIZE)));

void console_start(void)
{
    aegis_bind((const struct aegis_capability *)&BOOT->line_capability[4 * LINE], 0);
}

bool console_poll(char *line, uint32_t size)
{
    for (;;) {
        int byte = aegis_line_get(LINE);
        if (byte < 0)
            return false;
        if (byte == '\r')
            continue;
        if (byte == '\n') {
            input[input_count] = 0;
            input_count = 0;
            strlcpy(line, input, size);
            return true;
        }
        if (input_count < INPUT_SIZE - 1)
            input[input_count++] = (char)byte;
    }
}

void console_print(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(output, sizeof output, format, arguments);
    va_end(arguments);
    uint32_t count = (uint32_t)length < sizeof output ? (uint32_t)length : sizeof output - 1;
    for (uint32_t done = 0; done < count;) {
        uint32_t seen = exported_events();
        int moved = aegis_line_write(LINE, init_physical(output) + done, count - done);
        if (moved == -E_AGAIN)
            exported_wait(seen);
        else if (moved < 0)
            return;
        else
            done += (uint32_t)moved;
    }
}
