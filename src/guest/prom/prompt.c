/*
 * The console prompt: reads a line, splits it into words, calls the command from a table.
 * `execute_cmd` of the call vector comes in here as well.
 */
#include "prom.h"

#define LINE_SIZE 240
#define WORD_COUNT 24

struct command {
    const char *name;
    const char *usage;
    const char *meaning;
    int (*run)(int argc, char **argv);
};

static int run_help(int argc, char **argv);

static int run_cnfg(int argc, char **argv)
{
    board_configuration(argc, argv);
    return 0;
}

static int run_init(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    console_drain();
    prom_reinitialise();
}

static int run_halt(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    prom_printf("halted\n");
    console_drain();
    prom_stop();
}

static int run_ls(int argc, char **argv)
{
    uint8_t answer[36];
    uint32_t id;
    (void)argc;
    (void)argv;
    for (id = 0; id < 7; id++)
        if (scsi_inquire(id, answer))
            prom_printf(" " BOARD_DISK_FORMAT "\n", id);
    return 0;
}

static int run_printenv(int argc, char **argv)
{
    const char *value;
    if (argc < 2) {
        environment_print();
        return 0;
    }
    value = environment_get(argv[1]);
    if (value == NULL) {
        prom_printf("%s: not set\n", argv[1]);
        return -1;
    }
    prom_printf("%s=%s\n", argv[1], value);
    return 0;
}

/* NULL, or what may stand there: a variable that the firmware itself goes by must mean something. */
static const char *wanted_value(const char *name, const char *value)
{
    if (prom_strcmp(name, "haltaction") == 0 && prom_strcmp(value, "h") != 0 && prom_strcmp(value, "b") != 0 &&
        prom_strcmp(value, "r") != 0)
        return "h (halt), b (boot) or r (restart)";
    if (prom_strcmp(name, "testaction") == 0 && prom_strcmp(value, "q") != 0 && prom_strcmp(value, "t") != 0)
        return "q (quick) or t (thorough)";
    if (prom_strcmp(name, BOARD_BOOT_VARIABLE) == 0 && value[0] != 0 && board_disk(value) < 0)
        return BOARD_DISKS;
    return NULL;
}

static int run_setenv(int argc, char **argv)
{
    const char *wanted = argc == 3 ? wanted_value(argv[1], argv[2]) : NULL;
    if (wanted != NULL) {
        prom_printf("%s: give %s\n", argv[1], wanted);
        return -1;
    }
    if (argc != 3 || environment_set(argv[1], argv[2]) != 0) {
        prom_printf(argc == 3 ? "no room\n" : "usage: setenv NAME VALUE\n");
        return -1;
    }
    return 0;
}

static int run_unsetenv(int argc, char **argv)
{
    return argc == 2 ? environment_unset(argv[1]) : -1;
}

static int run_test(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return selftest_thorough() ? 0 : -1;
}

static const struct command commands[] = {
    {"boot", BOARD_BOOT_USAGE, "load a kernel from a disk and enter it", boot_command},
    {"cnfg", BOARD_CNFG_USAGE, "what the machine is made of", run_cnfg},
    {"halt", "", "stop; only a reset goes on", run_halt},
    {"help", "", "this list", run_help},
    {"init", "", "start over, as after a reset", run_init},
    {"ls", "", "disks that answer", run_ls},
    {"printenv", "[NAME]", "show variables", run_printenv},
    {"setenv", "NAME VALUE", "set one; " BOARD_BOOT_VARIABLE ", haltaction (h b r), testaction (q t) are kept", run_setenv},
    {"test", "", "test every word of memory", run_test},
    {"unsetenv", "NAME", "remove one", run_unsetenv},
};

#define COMMAND_COUNT (int)(sizeof commands / sizeof commands[0])

static int run_help(int argc, char **argv)
{
    int i;
    (void)argc;
    (void)argv;
    for (i = 0; i < COMMAND_COUNT; i++)
        prom_printf(" %s %s%s- %s\n", commands[i].name, commands[i].usage, commands[i].usage[0] == 0 ? "" : " ",
                    commands[i].meaning);
    return 0;
}

/* Splits in place: blanks separate, double quotes hold blanks together. */
static int split(char *line, char **words)
{
    int count = 0;
    for (;;) {
        char end = ' ';
        while (*line == ' ' || *line == '\t')
            line++;
        if (*line == 0 || count == WORD_COUNT)
            return count;
        if (*line == '"') {
            end = '"';
            line++;
        }
        words[count++] = line;
        while (*line != 0 && *line != end)
            line++;
        if (*line != 0)
            *line++ = 0;
    }
}

int prompt_execute(const char *text)
{
    char line[LINE_SIZE];
    char *words[WORD_COUNT];
    int count, i;
    prom_strncpy(line, text, LINE_SIZE - 1);
    line[LINE_SIZE - 1] = 0;
    count = split(line, words);
    if (count == 0)
        return 0;
    for (i = 0; i < COMMAND_COUNT; i++)
        if (prom_strcmp(words[0], commands[i].name) == 0)
            return commands[i].run(count, words);
    prom_printf("?%s: no such command; try help\n", words[0]);
    return -1;
}

void prompt_loop(void)
{
    static char line[LINE_SIZE];
    console_queue(0);
    for (;;) {
        prom_printf(">>");
        prompt_execute(console_gets(line, LINE_SIZE));
    }
}
