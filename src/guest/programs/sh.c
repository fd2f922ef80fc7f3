/*
 * The shell: reads a line, starts the program it names on the chosen library OS, waits for it. A
 * started program uses the shell's terminal line meanwhile. Builtins: help, libos [NAME], on LIBOS
 * PROGRAM [ARGS], status, exit [STATUS]. `PROGRAM ARGS &` does not wait; such a program shares the
 * line.
 */
#include <errno.h>
#include <generated/library-calls.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAX 24
#define LINE_SIZE 256

static char current_libos[32];
static int last_status;

/* What a status above 255 means (reasons in the upper half, see exo_wait). */
static const char *end_of(int status)
{
    switch (status >> 16) {
    case AEGIS_REASON_KILLED:
        return "killed";
    case AEGIS_REASON_EXCESS_TIME:
        return "destroyed for excess time";
    case AEGIS_REASON_FAULT:
        return "destroyed after a fault";
    default:
        return status >= 512 ? "fault" : "its library OS gave up";
    }
}

static int split(char *line, char **words)
{
    int count = 0;

    while (*line) {
        while (*line == ' ' || *line == '\t')
            *line++ = 0;
        if (!*line || count == WORDS_MAX)
            break;
        words[count++] = line;
        while (*line && *line != ' ' && *line != '\t')
            line++;
    }
    words[count] = NULL;
    return count;
}

static void help(void)
{
    printf("PROGRAM [ARGS] [&]        start /bin/PROGRAM (or a path) on the chosen library OS\n"
           "on LIBOS PROGRAM [ARGS]   start it on that library OS\n"
           "libos [NAME]              show or choose the library OS for programs\n"
           "status                    exit status of the last program\n"
           "help, exit [STATUS]\n");
    printf("library OSes: exos, exos-ipt. programs: ls /bin\n");
}

static void start(const char *libos, int count, char **words)
{
    bool is_background = count > 1 && strcmp(words[count - 1], "&") == 0;

    if (is_background)
        words[count - 1] = NULL;
    int child = exo_spawn(words[0], (const char *const *)words, libos);
    if (child < 0) {
        printf("sh: %s: %s\n", words[0], strerror(errno));
        last_status = 127;
        return;
    }
    if (is_background) {
        printf("[%08x]\n", child);
        return;
    }
    if (exo_wait(child, &last_status) < 0)
        printf("sh: wait: %s\n", strerror(errno));
    else if (last_status >= 256)
        printf("sh: %s ended: %s\n", words[0], end_of(last_status));
}

static bool run_builtin(int count, char **words)
{
    if (strcmp(words[0], "help") == 0) {
        help();
    } else if (strcmp(words[0], "exit") == 0) {
        exit(count > 1 ? atoi(words[1]) : 0);
    } else if (strcmp(words[0], "status") == 0) {
        printf("%d\n", last_status);
    } else if (strcmp(words[0], "libos") == 0) {
        if (count > 1)
            strlcpy(current_libos, words[1], sizeof current_libos);
        else
            printf("%s\n", current_libos);
    } else if (strcmp(words[0], "on") == 0) {
        if (count < 3)
            printf("usage: on LIBOS PROGRAM [ARGS]\n");
        else
            start(words[1], count - 2, words + 2);
    } else {
        return false;
    }
    return true;
}

int main(void)
{
    static char line[LINE_SIZE];
    char *words[WORDS_MAX + 1];

    strlcpy(current_libos, exo_libos_name(), sizeof current_libos);
    for (;;) {
        printf("%s$ ", current_libos);
        if (read_line(line, sizeof line) < 0)
            return 0;
        int count = split(line, words);
        if (count > 0 && !run_builtin(count, words))
            start(current_libos, count, words);
    }
}
