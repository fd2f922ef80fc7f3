/*
 * printf and its kin on descriptors. Standard output is gathered in one buffer (see stdio.h for
 * when it is written); other descriptors are written at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE 256
#define LINE_MAX 1024

static char buffer[BUFFER_SIZE];
static int buffered;

static void write_all(int descriptor, const char *from, int count)
{
    while (count > 0) {
        int written = write(descriptor, from, (size_t)count);
        if (written <= 0)
            return;
        from += written;
        count -= written;
    }
}

void flush(void)
{
    int count = buffered;

    buffered = 0;
    write_all(STDOUT_FILENO, buffer, count);
}

int putchar(int byte)
{
    buffer[buffered++] = (char)byte;
    if (byte == '\n' || buffered == BUFFER_SIZE)
        flush();
    return byte;
}

int puts(const char *text)
{
    while (*text)
        putchar(*text++);
    return putchar('\n');
}

static int print(int descriptor, const char *format, va_list arguments)
{
    char line[LINE_MAX];
    int length = vsnprintf(line, sizeof line, format, arguments);

    if (length >= (int)sizeof line)
        length = sizeof line - 1;
    if (descriptor == STDOUT_FILENO) {
        for (int i = 0; i < length; i++)
            putchar(line[i]);
    } else {
        write_all(descriptor, line, length);
    }
    return length;
}

int printf(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = print(STDOUT_FILENO, format, arguments);
    va_end(arguments);
    return length;
}

int dprintf(int descriptor, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = print(descriptor, format, arguments);
    va_end(arguments);
    return length;
}

int read_line(char *to, size_t size)
{
    size_t length = 0;

    flush();
    for (;;) {
        char byte;
        int count = read(STDIN_FILENO, &byte, 1);
        if (count <= 0 && length == 0)
            return -1;
        if (count <= 0 || byte == '\n')
            break;
        if (length + 1 < size)
            to[length++] = byte;
    }
    to[length] = 0;
    return (int)length;
}

void exit(int status)
{
    flush();
    exo_exit(status);
    for (;;)
        ;
}

void abort(void)
{
    exit(134);
}
