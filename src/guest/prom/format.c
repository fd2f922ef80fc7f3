/*
 * printf and sprintf of the call vector: %s %c %d %i %u %x %X %o %p %%, with '-', '0', width, precision for strings,
 * and l accepted. Kernels print through this before they have a console of their own.
 */
#include "prom.h"

struct field {
    int width;
    int precision; /* -1: none */
    int is_left;
    int is_zero_filled;
};

static void put_field(void (*sink)(void *, int), void *context, const struct field *field, const char *text,
                      int length, int is_negative)
{
    int padding = field->width - length - is_negative;
    if (is_negative && field->is_zero_filled)
        sink(context, '-');
    if (!field->is_left)
        for (; padding > 0; padding--)
            sink(context, field->is_zero_filled ? '0' : ' ');
    if (is_negative && !field->is_zero_filled)
        sink(context, '-');
    while (length-- > 0)
        sink(context, *text++);
    for (; padding > 0; padding--)
        sink(context, ' ');
}

static void put_number(void (*sink)(void *, int), void *context, const struct field *field, uint32_t value,
                       uint32_t base, char ten, int is_negative)
{
    char digits[12];
    char *p = digits + sizeof digits;
    do {
        uint32_t digit = value % base;
        *--p = (char)(digit < 10 ? '0' + digit : (uint32_t)ten + digit - 10);
        value /= base;
    } while (value != 0);
    put_field(sink, context, field, p, (int)(digits + sizeof digits - p), is_negative);
}

static int read_number(const char **text)
{
    int value = 0;
    while (**text >= '0' && **text <= '9')
        value = value * 10 + *(*text)++ - '0';
    return value;
}

void format(void (*sink)(void *, int), void *context, const char *text, va_list list)
{
    while (*text != 0) {
        struct field field = {0, -1, 0, 0};
        int c = *text++;
        if (c != '%') {
            sink(context, c);
            continue;
        }
        for (;; text++) {
            if (*text == '-')
                field.is_left = 1;
            else if (*text == '0')
                field.is_zero_filled = 1;
            else
                break;
        }
        if (*text == '*') {
            text++;
            field.width = va_arg(list, int);
        } else {
            field.width = read_number(&text);
        }
        if (*text == '.') {
            text++;
            field.precision = read_number(&text);
        }
        if (field.is_left)
            field.is_zero_filled = 0;
        while (*text == 'l' || *text == 'h')
            text++;
        c = *text++;
        if (c == 0) {
            return;
        } else if (c == 's') {
            const char *string = va_arg(list, const char *);
            int length = 0;
            if (string == NULL)
                string = "(null)";
            while (string[length] != 0 && length != field.precision)
                length++;
            field.is_zero_filled = 0;
            put_field(sink, context, &field, string, length, 0);
        } else if (c == 'c') {
            char one = (char)va_arg(list, int);
            put_field(sink, context, &field, &one, 1, 0);
        } else if (c == 'd' || c == 'i') {
            int32_t value = va_arg(list, int32_t);
            put_number(sink, context, &field, value < 0 ? -(uint32_t)value : (uint32_t)value, 10, 'a', value < 0);
        } else if (c == 'u') {
            put_number(sink, context, &field, va_arg(list, uint32_t), 10, 'a', 0);
        } else if (c == 'o') {
            put_number(sink, context, &field, va_arg(list, uint32_t), 8, 'a', 0);
        } else if (c == 'x' || c == 'p') {
            put_number(sink, context, &field, va_arg(list, uint32_t), 16, 'a', 0);
        } else if (c == 'X') {
            put_number(sink, context, &field, va_arg(list, uint32_t), 16, 'A', 0);
        } else {
            sink(context, c);
        }
    }
}

static void sink_console(void *context, int c)
{
    (void)context;
    console_put(c);
}

int prom_printf(const char *text, ...)
{
    va_list list;
    va_start(list, text);
    format(sink_console, NULL, text, list);
    va_end(list);
    return 0;
}

static void sink_string(void *context, int c)
{
    char **end = context;
    *(*end)++ = (char)c;
}

int prom_sprintf(char *into, const char *text, ...)
{
    char *end = into;
    va_list list;
    va_start(list, text);
    format(sink_string, &end, text, list);
    va_end(list);
    *end = 0;
    return (int)(end - into);
}
