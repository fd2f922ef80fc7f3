/*
 * Environment variables: a small table in RAM, set to defaults at power-on. Three of them outlive power-off in the
 * clock chip's RAM, registers 0x30..0x3d (0x20..0x2f and 62, 63 belong to others):
 *   0x30 'E', 0x31 haltaction, 0x32 testaction, 0x33..0x3c the boot device (up to 10 characters, 0 ends), 0x3d sum.
 */
#include "prom.h"

#define VARIABLE_COUNT 24
#define NAME_SIZE 16
#define VALUE_SIZE 80
#define NVRAM_FIRST 0x30
#define NVRAM_BOOT 0x33
#define NVRAM_BOOT_SIZE 10
#define NVRAM_SUM 0x3d
#define NVRAM_MARK 'E'

static struct variable {
    char name[NAME_SIZE];
    char value[VALUE_SIZE];
} variables[VARIABLE_COUNT];

static struct variable *find(const char *name)
{
    int i;
    for (i = 0; i < VARIABLE_COUNT; i++)
        if (variables[i].name[0] != 0 && prom_strcmp(variables[i].name, name) == 0)
            return &variables[i];
    return NULL;
}

static int assign(const char *name, const char *value)
{
    struct variable *variable = find(name);
    int i;
    if (name[0] == 0 || prom_strlen(name) >= NAME_SIZE || prom_strlen(value) >= VALUE_SIZE)
        return -1;
    for (i = 0; variable == NULL && i < VARIABLE_COUNT; i++)
        if (variables[i].name[0] == 0)
            variable = &variables[i];
    if (variable == NULL)
        return -1;
    prom_strcpy(variable->name, name);
    prom_strcpy(variable->value, value);
    return 0;
}

static uint32_t nvram_sum(void)
{
    uint32_t sum = 0x5a, index;
    for (index = NVRAM_FIRST; index < NVRAM_SUM; index++)
        sum += clock_read(index);
    return sum & 0xff;
}

static void nvram_load(void)
{
    char text[NVRAM_BOOT_SIZE + 1] = {0};
    uint32_t i;
    if (clock_read(NVRAM_FIRST) != NVRAM_MARK || clock_read(NVRAM_SUM) != nvram_sum())
        return;
    text[0] = (char)clock_read(NVRAM_FIRST + 1);
    assign("haltaction", text);
    text[0] = (char)clock_read(NVRAM_FIRST + 2);
    assign("testaction", text);
    for (i = 0; i < NVRAM_BOOT_SIZE; i++)
        text[i] = (char)clock_read(NVRAM_BOOT + i);
    assign(BOARD_BOOT_VARIABLE, text);
}

static void nvram_save(void)
{
    const char *halt = environment_get("haltaction");
    const char *test = environment_get("testaction");
    const char *boot = environment_get(BOARD_BOOT_VARIABLE);
    uint32_t i, length = boot == NULL ? 0 : prom_strlen(boot);
    clock_write(NVRAM_FIRST, NVRAM_MARK);
    clock_write(NVRAM_FIRST + 1, halt == NULL ? 'h' : (uint8_t)halt[0]);
    clock_write(NVRAM_FIRST + 2, test == NULL ? 'q' : (uint8_t)test[0]);
    for (i = 0; i < NVRAM_BOOT_SIZE; i++)
        clock_write(NVRAM_BOOT + i, i < length ? (uint8_t)boot[i] : 0);
    clock_write(NVRAM_SUM, nvram_sum());
    if (length > NVRAM_BOOT_SIZE)
        prom_printf(BOARD_BOOT_VARIABLE ": only \"%.10s\" is kept when power goes off\n", boot);
}

static int is_kept(const char *name)
{
    return prom_strcmp(name, BOARD_BOOT_VARIABLE) == 0 || prom_strcmp(name, "haltaction") == 0 ||
           prom_strcmp(name, "testaction") == 0;
}

void environment_init(void)
{
    memset(variables, 0, sizeof variables);
    assign(BOARD_BOOT_VARIABLE, BOARD_BOOT_DEFAULT);
    assign("haltaction", "h");
    assign("testaction", "q");
    board_environment();
    nvram_load();
}

int environment_default(const char *name, const char *value)
{
    return assign(name, value);
}

char *environment_get(const char *name)
{
    struct variable *variable = find(name);
    return variable == NULL ? NULL : variable->value;
}

int environment_set(const char *name, const char *value)
{
    int status = assign(name, value);
    if (status == 0 && is_kept(name))
        nvram_save();
    return status;
}

int environment_unset(const char *name)
{
    struct variable *variable = find(name);
    if (variable == NULL)
        return -1;
    variable->name[0] = 0;
    if (is_kept(name))
        nvram_save();
    return 0;
}

void environment_print(void)
{
    int i;
    for (i = 0; i < VARIABLE_COUNT; i++)
        if (variables[i].name[0] != 0)
            prom_printf("%s=%s\n", variables[i].name, variables[i].value);
}
