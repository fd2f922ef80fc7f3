/* Start, TAP output, access to the exported pages. */
#include "test.h"

static uint32_t test_count;

static void put(char c)
{
    while (aegis_line_put(TEST_LINE, (uint8_t)c) == -E_AGAIN)
        ;
}

static void print(const char *text)
{
    while (*text)
        put(*text++);
}

static void number(uint32_t value)
{
    if (value >= 10)
        number(value / 10);
    put((char)('0' + value % 10));
}

void ok(int condition, const char *name)
{
    print(condition ? "ok " : "not ok ");
    number(++test_count);
    print(" - ");
    print(name);
    put('\n');
}

void note(const char *text, uint32_t value)
{
    print("# ");
    print(text);
    put(' ');
    number(value);
    put('\n');
}

const struct aegis_capability *line_capability(uint32_t line)
{
    return (const struct aegis_capability *)&BOOT->line_capability[4 * line];
}

/* Windows in guaranteed mappings: the exported tables need no refill handler either. */
#define WINDOW_HEADER 8u
#define WINDOW_ENVS 9u /* eight pages */
#define WINDOW_PAGE 17u

static uint32_t window(uint32_t index)
{
    return AEGIS_GUARANTEED_BASE + index * AEGIS_PAGE_SIZE;
}

const volatile struct aegis_header *exported_header(void)
{
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW_HEADER, AEGIS_EXPORT_HEADER | VALID, 0);
    return (const volatile struct aegis_header *)window(WINDOW_HEADER);
}

const volatile struct aegis_env *exported_env(uint32_t envid)
{
    for (uint32_t i = 0; i < 8; i++)
        aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW_ENVS + i,
                      (AEGIS_EXPORT_ENVIRONMENTS + i * 4096) | VALID, 0);
    return (const volatile struct aegis_env *)window(WINDOW_ENVS) + envid % AEGIS_ENV_COUNT;
}

const volatile struct aegis_page *exported_page(uint32_t page)
{
    uint32_t at = AEGIS_EXPORT_PAGES + page * SIZEOF_PAGE;
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW_PAGE, (at & ~4095u) | VALID, 0);
    return (const volatile struct aegis_page *)(window(WINDOW_PAGE) + at % 4096);
}

/* Still a start-of-slice handler, which a tick starts over: sets the handlers, the next such one last. */
void test_prepare(void)
{
    uint32_t cause;
    aegis_env_set(0, AEGIS_FIELD_SLICE_END, (uint32_t)slice_end, 0);
    for (cause = 1; cause < AEGIS_CAUSE_COUNT; cause++)
        aegis_env_set(0, AEGIS_FIELD_EXCEPTION + cause, (uint32_t)on_exception, 0x40);
    for (cause = 2; cause <= 3; cause++)
        aegis_env_set(0, AEGIS_FIELD_EXCEPTION + cause, (uint32_t)on_miss, 0x20);
    aegis_bind(line_capability(TEST_LINE), 0);
    aegis_bind((const struct aegis_capability *)BOOT->machine_capability, 0);
    aegis_env_set(0, AEGIS_FIELD_SLICE_START, (uint32_t)slice_start, 0);
}

/* The plan, and the end of the machine. */
void test_end(void)
{
    print("1..");
    number(test_count);
    put('\n');
    aegis_halt();
}

/* Another suite brings its own. */
__attribute__((weak)) void test_main(void)
{
    ok(BOOT->magic == AEGIS_MAGIC, "init finds its boot information");
    test_capabilities();
    test_pages();
    test_translation();
    test_exceptions();
    test_environments();
    test_slices();
    test_transfers();
    test_revocation();
    test_attacks();
    test_fpu();
    test_kinds();
    test_lines();
    test_disk();
    test_backing();
    test_contexts();
    test_emergencies();
    test_random();
    test_costs();
    test_end();
}
