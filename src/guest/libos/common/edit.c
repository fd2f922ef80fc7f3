/*
 * The line editor (edit.h). Every change is one replacement of bytes, shown by writing the rest of
 * the line again; going back is a backspace a byte, so it stops at the edge of the terminal.
 */
#include "edit.h"
#include "line.h"
#include <string.h>

#define HISTORY_SIZE 448 /* what is left of a page */
#define BACKSPACE 8
#define DELETE 127
#define ESCAPE 27
#define CONTROL(letter) ((letter) & 31)

static char *text;
static uint32_t room;
static uint32_t count;
static uint32_t cursor;
/* Lines that were read, the latest first, each ended by a NUL; NULs behind the last. */
static char history[HISTORY_SIZE];
static uint32_t shown; /* number of the one on the line, from 1; 0: a new line */

static void move_to(uint32_t to)
{
    if (to > cursor)
        line_echo(text + cursor, to - cursor);
    for (uint32_t at = to; at < cursor; at++)
        line_echo("\b", 1);
    cursor = to;
}

/* Puts `length` bytes in the place of `removed` others; the cursor comes behind them. */
static void replace(uint32_t at, uint32_t removed, const char *put, uint32_t length)
{
    uint32_t old = count;

    if (count - removed + length > room) {
        line_echo("\a", 1);
        return;
    }
    move_to(at);
    memmove(text + at + length, text + at + removed, count - at - removed);
    memcpy(text + at, put, length);
    count += length - removed;
    line_echo(text + at, count - at);
    cursor = count;
    for (; cursor < old; cursor++)
        line_echo(" ", 1);
    move_to(at + length);
}

static void recall(uint32_t number)
{
    const char *line = history;

    for (uint32_t i = 1; i < number && *line; i++)
        line += strlen(line) + 1;
    if (number > 0 && !*line) {
        line_echo("\a", 1);
        return;
    }
    shown = number;
    replace(0, count, line, number > 0 ? (uint32_t)strlen(line) : 0);
}

static void remember(void)
{
    if (count == 0 || (strlen(history) == count && memcmp(history, text, count) == 0))
        return;
    memmove(history + count + 1, history, HISTORY_SIZE - count - 1);
    memcpy(history, text, count);
    history[count] = 0;
    /* The oldest may not be whole any more. */
    for (uint32_t end = HISTORY_SIZE; history[end - 1]; end--)
        history[end - 1] = 0;
}

static void erase_word(void)
{
    uint32_t from = cursor;

    while (from > 0 && text[from - 1] == ' ')
        from--;
    while (from > 0 && text[from - 1] != ' ')
        from--;
    replace(from, cursor - from, "", 0);
}

/* Takes what follows an escape, to its end: the letter that the key is known by, or the digit. */
static int take_sequence(int (*next)(void))
{
    int digit = 0;
    int byte = next();

    if (byte != '[' && byte != 'O')
        return byte < 0 ? byte : 0;
    for (byte = next(); byte >= ' ' && byte < '@'; byte = next())
        digit = byte;
    return byte == '~' ? digit : byte;
}

static int press_key(int key)
{
    if (key == 'A')
        recall(shown + 1);
    else if (key == 'B' && shown > 0)
        recall(shown - 1);
    else if (key == 'C' && cursor < count)
        move_to(cursor + 1);
    else if (key == 'D' && cursor > 0)
        move_to(cursor - 1);
    else if (key == 'H' || key == '1' || key == '7')
        move_to(0);
    else if (key == 'F' || key == '4' || key == '8')
        move_to(count);
    else if (key == '3' && cursor < count)
        replace(cursor, 1, "", 0);
    else
        line_echo("\a", 1);
    return key < 0 ? key : 0;
}

/* Anything but the ends of a line. */
static int take(int byte, int (*next)(void))
{
    char one = (char)byte;

    switch (byte) {
    case ESCAPE:
        return press_key(take_sequence(next));
    case BACKSPACE:
    case DELETE:
        if (cursor > 0)
            replace(cursor - 1, 1, "", 0);
        break;
    case CONTROL('A'):
        move_to(0);
        break;
    case CONTROL('E'):
        move_to(count);
        break;
    case CONTROL('U'):
        replace(0, count, "", 0);
        break;
    case CONTROL('W'):
        erase_word();
        break;
    default:
        if (byte >= ' ')
            replace(cursor, 0, &one, 1);
    }
    return 0;
}

int edit_line(char *to, uint32_t size, int (*next)(void))
{
    text = to;
    room = size - 1;
    count = cursor = shown = 0;
    for (;;) {
        int byte = next();
        if (byte < 0)
            return byte;
        if (byte == CONTROL('D'))
            return (int)count;
        if (byte == CONTROL('C')) {
            line_interrupt();
            count = cursor = 0;
            text[0] = '\n';
            return 1;
        }
        if (byte == '\r' || byte == '\n')
            break;
        int result = take(byte, next);
        if (result < 0)
            return result;
    }
    move_to(count);
    remember();
    text[count++] = '\n';
    line_echo("\n", 1);
    return (int)count;
}
