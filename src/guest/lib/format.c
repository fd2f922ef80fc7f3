/*
 * vsnprintf: the one formatter behind printf, dprintf and snprintf. Writes at most size-1 bytes
 * plus the terminator and returns the length that the whole text would have had.
 */
#include "format.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

void emit(struct sink *sink, char byte)
{
    if (sink->next < sink->end)
        *sink->next++ = byte;
    sink->length++;
}

void emit_padding(struct sink *sink, char byte, int count)
{
    for (; count > 0; count--)
        emit(sink, byte);
}

static void emit_text(struct sink *sink, const struct conversion *how, const char *text, int count)
{
    if (!how->is_left)
        emit_padding(sink, ' ', how->width - count);
    for (int i = 0; i < count; i++)
        emit(sink, text[i]);
    if (how->is_left)
        emit_padding(sink, ' ', how->width - count);
}

static void emit_number(struct sink *sink, const struct conversion *how, uint64_t value,
                        unsigned base, bool is_upper, char sign)
{
    const char *digits = is_upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char reversed[24];
    int count = 0;

    do {
        if (value >> 32) {
            reversed[count++] = digits[value % base];
            value /= base;
        } else {
            uint32_t low = (uint32_t)value;
            reversed[count++] = digits[low % base];
            value = low / base;
        }
    } while (value);
    int zeros = how->precision > count ? how->precision - count : 0;
    int total = count + zeros + (sign ? 1 : 0);
    if (how->is_zero_padded && !how->is_left && how->precision < 0 && how->width > total) {
        zeros += how->width - total;
        total = how->width;
    }
    if (!how->is_left)
        emit_padding(sink, ' ', how->width - total);
    if (sign)
        emit(sink, sign);
    emit_padding(sink, '0', zeros);
    while (count > 0)
        emit(sink, reversed[--count]);
    if (how->is_left)
        emit_padding(sink, ' ', how->width - total);
}

static const char *parse_number(const char *at, int *value, va_list *arguments)
{
    if (*at == '*') {
        *value = va_arg(*arguments, int);
        return at + 1;
    }
    *value = 0;
    while (isdigit(*at))
        *value = *value * 10 + (*at++ - '0');
    return at;
}

static const char *parse_conversion(const char *at, struct conversion *how, va_list *arguments)
{
    for (;; at++) {
        if (*at == '-')
            how->is_left = true;
        else if (*at == '0')
            how->is_zero_padded = true;
        else if (*at == '+')
            how->has_plus = true;
        else if (*at != ' ' && *at != '#')
            break;
    }
    at = parse_number(at, &how->width, arguments);
    if (how->width < 0) {
        how->is_left = true;
        how->width = -how->width;
    }
    if (*at == '.')
        at = parse_number(at + 1, &how->precision, arguments);
    while (*at == 'l' || *at == 'z' || *at == 'h' || *at == 'L') {
        if (*at == 'l')
            how->long_count++;
        at++;
    }
    return at;
}

static void convert(struct sink *sink, char kind, const struct conversion *how, va_list *arguments)
{
    uint64_t value = 0;
    char sign = 0;

    switch (kind) {
    case 'd':
    case 'i': {
        int64_t number = how->long_count > 1 ? va_arg(*arguments, int64_t)
                                             : va_arg(*arguments, int32_t);
        sign = number < 0 ? '-' : how->has_plus ? '+' : 0;
        value = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
        emit_number(sink, how, value, 10, false, sign);
        return;
    }
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        value = how->long_count > 1 ? va_arg(*arguments, uint64_t) : va_arg(*arguments, uint32_t);
        emit_number(sink, how, value, kind == 'u' ? 10 : kind == 'o' ? 8 : 16, kind == 'X', 0);
        return;
    case 'p': {
        struct conversion pointer = { .precision = 8 };
        emit(sink, '0');
        emit(sink, 'x');
        emit_number(sink, &pointer, va_arg(*arguments, uint32_t), 16, false, 0);
        return;
    }
    case 'c': {
        char byte = (char)va_arg(*arguments, int);
        emit_text(sink, how, &byte, 1);
        return;
    }
    case 's': {
        const char *text = va_arg(*arguments, const char *);
        if (!text)
            text = "(null)";
        int count = 0;
        while ((how->precision < 0 || count < how->precision) && text[count])
            count++;
        emit_text(sink, how, text, count);
        return;
    }
    case 'e':
    case 'f':
    case 'g':
    case 'E':
    case 'F':
    case 'G':
        /* A double lies where a uint64_t would: this code uses no floating point. */
        value = va_arg(*arguments, uint64_t);
        if (emit_real)
            emit_real(sink, how, value, kind);
        return;
    default:
        emit(sink, '%');
        if (kind && kind != '%')
            emit(sink, kind);
    }
}

int vsnprintf(char *to, size_t size, const char *format, va_list arguments)
{
    struct sink sink = { .next = to, .end = size > 0 ? to + size - 1 : to };
    va_list rest;

    va_copy(rest, arguments);
    for (; *format; format++) {
        if (*format != '%') {
            emit(&sink, *format);
            continue;
        }
        struct conversion how = { .precision = -1 };
        format = parse_conversion(format + 1, &how, &rest);
        convert(&sink, *format, &how, &rest);
        if (!*format)
            break;
    }
    va_end(rest);
    if (size > 0)
        *sink.next = 0;
    return sink.length;
}

int snprintf(char *to, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(to, size, format, arguments);
    va_end(arguments);
    return length;
}
