/*
 * The shell: reads a line, starts the program it names on the chosen library OS, waits for it. A
 * started program uses the shell's terminal line meanwhile. Builtins: help, libos [NAME], on LIBOS
 * PROGRAM [ARGS], status, exit [STATUS]. `PROGRAM ARGS &` does not wait; such a program shares the
 * line. Ctrl-C destroys the program that is waited for, unless it reads the line: then that is for
 * its library OS to do.
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

/* How a program ended that did not exit: its status is above 255 (see exo_wait). */
static const char *end_text(int status)
{
    switch (status >> 16) {
    case AEGIS_REASON_KILLED:
        return "destroyed on request";
    case AEGIS_REASON_EXCESS_TIME:
        return "destroyed: too much excess time";
    case AEGIS_REASON_REVOKED:
        return "destroyed in an emergency";
    default: /* ended by its library OS, mostly */
        return status >= 512 ? "ended: fault" : "ended: its library OS gave up";
    }
}

/* Calls `take` with the name of every library OS on the disk. */
static void each_libos(void (*take)(const char *name))
{
    struct exo_dirent entry;
    int folder = open("/lib", O_RDONLY);

    while (folder >= 0 && exo_readdir(folder, &entry) > 0) {
        char *end = strchr(entry.name, '.');
        if (!end || strcmp(end, ".img") != 0)
            continue;
        *end = 0;
        take(entry.name);
    }
    close(folder);
}

static void print_name(const char *name)
{
    printf(" %s", name);
}

static bool has_libos(const char *name)
{
    struct exo_stat file;
    char path[64];

    if ((unsigned)snprintf(path, sizeof path, "/lib/%s.img", name) < sizeof path
        && strlen(name) < sizeof current_libos && !strchr(name, '/') && exo_stat(path, &file) == 0)
        return true;
    printf("sh: no library OS %s; there are", name);
    each_libos(print_name);
    printf("\n");
    last_status = 127;
    return false;
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
           "help, exit [STATUS]\n"
           "Up, Down: earlier lines. Ctrl-C: ends the program that runs.\n"
           "programs: ls /bin. library OSes:");
    each_libos(print_name);
    printf("\n");
}

static void start(const char *libos, int count, char **words)
{
    if (!has_libos(libos))
        return;
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
        printf("sh: %s %s\n", words[0], end_text(last_status));
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
        if (count > 1 && has_libos(words[1]))
            strlcpy(current_libos, words[1], sizeof current_libos);
        else if (count == 1)
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

int main(int argc, char **argv)
{
    static char line[LINE_SIZE];
    char *words[WORDS_MAX + 1];

    (void)argv;
    if (argc > 1) {
        printf("usage: sh\n");
        return 2;
    }
    exo_take_interrupts();
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
