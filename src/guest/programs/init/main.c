/*
 * The first environment: serves the protocol of README.md on line 0 until the machine stops. Holds
 * the machine owner's capability; waits, without using its slices, for the next byte or the next
 * death.
 */
#include "init.h"
#include <stdlib.h>
#include <swap.h>
#include <string.h>

#define CHILD_MAX 24
#define WORDS_MAX 32
#define LINE_SIZE 256
#define NAME_SIZE 32
#define FIRST_LINE 1
#define LAST_LINE 15

void init_main(void) __attribute__((noreturn));
int acall_to(uint32_t envid, uint32_t a1, uint32_t a2, uint32_t a3);

struct child {
    uint32_t envid; /* 0: free */
    uint32_t request;
    uint32_t line;
    char libos[16];
    char program[NAME_SIZE];
};

static struct child children[CHILD_MAX];

static uint32_t split(char *text, char **words)
{
    uint32_t count = 0;

    while (*text && count < WORDS_MAX) {
        while (*text == ' ')
            *text++ = 0;
        if (!*text)
            break;
        words[count++] = text;
        while (*text && *text != ' ')
            text++;
    }
    return count;
}

static const char *start(uint32_t request, char **words, uint32_t count, enum gift gift)
{
    struct child *child = NULL;
    uint32_t envid;

    if (count < 3)
        return "usage: start (or grant, or lend) LINE LIBOS PROGRAM [ARGS]";
    char *end;
    uint32_t line = strtoul(words[0], &end, 10);
    bool is_quiet = strcmp(end, "-quiet") == 0;
    if (*end && !is_quiet)
        return "a line is a number, or a number and -quiet";
    if (line < FIRST_LINE || line > LAST_LINE)
        return "lines for programs are 1 to 15";
    for (uint32_t i = 0; i < CHILD_MAX; i++) {
        if (children[i].envid == 0)
            child = &children[i];
        else if (children[i].line == line)
            return "the line is busy";
    }
    if (!child)
        return "too many programs";
    const char *why = start_program(line, is_quiet, gift, words[1], words[2], words + 3,
                                    count - 3, &envid);
    if (why)
        return why;
    child->envid = envid;
    child->request = request;
    child->line = line;
    strlcpy(child->libos, words[1], sizeof child->libos);
    strlcpy(child->program, words[2], sizeof child->program);
    console_print("%u ok %08x\n", request, envid);
    return NULL;
}

static void list(uint32_t request)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < CHILD_MAX; i++)
        count += children[i].envid != 0;
    console_print("%u ok %u", request, count);
    for (uint32_t i = 0; i < CHILD_MAX; i++)
        if (children[i].envid)
            console_print(" %08x:%u:%s:%s", children[i].envid, children[i].line, children[i].libos,
                          children[i].program);
    console_print("\n");
}

static const char *kill(uint32_t request, char **words, uint32_t count)
{
    if (count != 1)
        return "usage: kill ENVID";
    uint32_t envid = strtoul(words[0], NULL, 16);
    if (envid == BOOT->envid || aegis_env_destroy(envid, 137) < 0 || envid == 0)
        return "no such environment";
    console_print("%u ok\n", request);
    return NULL;
}

static bool is_used(const char *libos)
{
    for (uint32_t i = 0; i < CHILD_MAX; i++)
        if (children[i].envid && strcmp(children[i].libos, libos) == 0)
            return true;
    return false;
}

/* A demand to init itself: library OSes that nobody runs on go, what else there is it needs. */
static void answer(void)
{
    const volatile struct aegis_env *record = init_environment(BOOT->envid);

    if (record->revoke_stage == AEGIS_REVOKE_NONE)
        return;
    if (record->revoke_kind == AEGIS_KIND_PAGE)
        images_give(is_used, &record->revoke_count);
    if (record->revoke_stage == AEGIS_REVOKE_ASKED)
        aegis_revoke_refuse();
}

static const char *revoke(uint32_t request, char **words, uint32_t count)
{
    static const struct {
        const char *name;
        uint32_t kind;
    } kinds[] = {
        { "pages", AEGIS_KIND_PAGE },     { "slices", AEGIS_KIND_SLICE },
        { "lines", AEGIS_KIND_LINE },     { "extents", AEGIS_KIND_EXTENT },
        { "filters", AEGIS_KIND_FILTER }, { "tiles", AEGIS_KIND_TILE },
        { "colours", AEGIS_KIND_COLOUR },
    };
    uint32_t kind = 0;

    for (uint32_t i = 0; count == 3 && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(words[1], kinds[i].name) == 0)
            kind = kinds[i].kind;
    if (kind == 0)
        return "usage: revoke ENVID pages|slices|lines|extents|filters|tiles|colours COUNT";
    uint32_t envid = strtoul(words[0], NULL, 16);
    if (envid == BOOT->envid && kind != AEGIS_KIND_PAGE && kind != AEGIS_KIND_SLICE)
        return "init cannot work without its line and its disks";
    switch (aegis_revoke(envid, kind, strtoul(words[2], NULL, 10), 0)) {
    case 0:
        console_print("%u ok\n", request);
        return NULL;
    case -E_BUSY:
        return "an earlier demand is still open";
    case -E_RANGE:
        return "it does not have that many";
    default:
        return "no such environment";
    }
}

static const char *swap(uint32_t request, char **words, uint32_t count)
{
    if (count != 2)
        return "usage: swap ENVID SERVER";
    if (strtoul(words[0], NULL, 16) == BOOT->envid)
        return "init cannot be swapped";
    switch (aegis_revoke(strtoul(words[0], NULL, 16), AEGIS_KIND_ENV, 1,
                         strtoul(words[1], NULL, 16))) {
    case 0:
        console_print("%u ok\n", request);
        return NULL;
    case -E_BUSY:
        return "an earlier demand is still open";
    default:
        return "no such environment, or it is stopped already";
    }
}

/* The machine owner asks a swap server for an environment back. */
static const char *bring_back(uint32_t request, char **words, uint32_t count)
{
    if (count != 2)
        return "usage: return ENVID SERVER";
    if (acall_to(strtoul(words[1], NULL, 16), SWAP_RETURN, strtoul(words[0], NULL, 16), 0) < 0)
        return "the server cannot be asked now";
    console_print("%u ok\n", request);
    return NULL;
}

static void serve(char *line)
{
    char *words[WORDS_MAX];
    char *end = line;
    uint32_t count = split(line, words);

    if (count == 0)
        return;
    uint32_t request = strtoul(words[0], &end, 10);
    if (*end || end == words[0]) {
        console_print("0 error a request starts with its number\n");
        return;
    }
    const char *verb = count > 1 ? words[1] : "";
    const char *why = NULL;
    if (strcmp(verb, "ping") == 0)
        console_print("%u ok pong\n", request);
    else if (strcmp(verb, "start") == 0)
        why = start(request, words + 2, count - 2, GIFT_NONE);
    else if (strcmp(verb, "grant") == 0)
        why = start(request, words + 2, count - 2, GIFT_MACHINE);
    else if (strcmp(verb, "lend") == 0)
        why = start(request, words + 2, count - 2, GIFT_EXTENT);
    else if (strcmp(verb, "list") == 0)
        list(request);
    else if (strcmp(verb, "kill") == 0)
        why = kill(request, words + 2, count - 2);
    else if (strcmp(verb, "revoke") == 0)
        why = revoke(request, words + 2, count - 2);
    else if (strcmp(verb, "swap") == 0)
        why = swap(request, words + 2, count - 2);
    else if (strcmp(verb, "return") == 0)
        why = bring_back(request, words + 2, count - 2);
    else
        why = "no such request: ping, start, grant, lend, list, kill, revoke, swap, return";
    if (why)
        console_print("%u error %s\n", request, why);
}

static void report(const struct child *child, uint32_t reason, uint32_t status)
{
    if (reason == AEGIS_REASON_EXIT && status < STATUS_LIBOS) {
        console_print("%u exit %u\n", child->request, status);
        return;
    }
    const char *word = reason == AEGIS_REASON_KILLED        ? "killed"
                       : reason == AEGIS_REASON_EXCESS_TIME ? "excess-time"
                       : reason == AEGIS_REASON_FAULT       ? "fault"
                       : reason == AEGIS_REASON_REVOKED     ? "revoked"
                       : status >= STATUS_FAULT             ? "fault"
                                                            : "libos";
    console_print("%u killed %s\n", child->request, word);
}

static bool is_alive(uint32_t envid)
{
    const volatile struct aegis_env *record = init_environment(envid);

    return record->id == envid && record->state != AEGIS_ENV_DEAD;
}

/* What a dead environment started itself goes with it; true when there was such a one. */
static bool destroy_orphans(void)
{
    bool has_found = false;

    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        uint32_t envid = init_environment(slot)->id;
        if (envid == 0 || envid == BOOT->envid || !is_alive(envid)
            || is_alive(init_environment(slot)->parent))
            continue;
        aegis_env_destroy(envid, 137);
        aegis_env_reap(envid);
        has_found = true;
    }
    return has_found;
}

static bool reap(void)
{
    bool has_reaped = false;

    for (uint32_t i = 0; i < CHILD_MAX; i++) {
        struct child *child = &children[i];
        if (!child->envid)
            continue;
        const volatile struct aegis_env *record = init_environment(child->envid);
        if (is_alive(child->envid))
            continue;
        uint32_t reason = record->reason;
        uint32_t status = record->exit_status;
        aegis_env_reap(child->envid);
        while (destroy_orphans())
            ;
        start_free_slices();
        report(child, reason, status);
        child->envid = 0;
        has_reaped = true;
    }
    return has_reaped;
}

void init_main(void)
{
    static char line[LINE_SIZE];

    aegis_bind((const struct aegis_capability *)BOOT->machine_capability, 0);
    exported_map();
    console_start();
    if (disks_start() < 0)
        console_print("0 error cannot read the root disk\n");
    console_print("0 ready\n");
    for (;;) {
        uint32_t seen = exported_events();
        bool has_worked = reap();
        answer();
        while (console_poll(line, sizeof line)) {
            serve(line);
            has_worked = true;
        }
        if (!has_worked)
            exported_wait(seen);
    }
}
