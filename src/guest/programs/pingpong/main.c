/*
 * pingpong [round trips]: starts itself as a server in a second environment and makes synchronous
 * protected control transfers into it; each carries a number there and its successor back. Then the
 * same, a fixed number of times, without the library OS: the bare transfers of transfer.S, for a host
 * that measures.
 */
#include "transfer.h"
#include <bench.h>
#include <generated/abi-calls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READY_TICKS 640
#define ROUNDS_MAX 100000000u

/* From now on transfers come to `entry`, past the library OS. */
static int enter_at(char *entry)
{
    return aegis_env_set(0, AEGIS_FIELD_SCALL, (uint32_t)entry, 0);
}

static uint32_t serve(uint32_t caller, uint32_t argument)
{
    (void)caller;
    return argument == BARE ? (uint32_t)enter_at(bare_entry) : argument + 1;
}

static uint32_t __attribute__((noinline)) play(uint32_t server, uint32_t count)
{
    uint32_t ball = 0;

    for (uint32_t i = 0; i < count; i++)
        ball = exo_scall(server, ball);
    return ball;
}

/* True when each of the bare transfers came back. */
static int play_bare(uint32_t server)
{
    int is_done = exo_scall(server, BARE) == 0 && enter_at(bare_reply) == 0;

    for (int round = 0; is_done && round < BARE_ROUNDS; round++)
        is_done = loop_transfer(server, (uint32_t)exo_envid()) == 0;
    return is_done;
}

/* The server can be entered once it has named its entry and waits. */
static int wait_until_serving(uint32_t server)
{
    const struct aegis_env *records =
        exo_page_map_physical(AEGIS_EXPORT_ENVIRONMENTS / 4096 + (server & 31) / 4, EXO_PROT_READ);
    const volatile struct aegis_env *env = &records[server & 3];

    for (uint32_t ticks = 0; ticks < READY_TICKS; ticks++) {
        if (env->scall_entry && env->state == AEGIS_ENV_WAITING)
            return 0;
        exo_sleep(1);
    }
    return -1;
}

int main(int argc, char **argv)
{
    uint32_t count = 1000;

    if (argc > 1 && strcmp(argv[1], "serve") == 0) {
        exo_on_scall(serve);
        exo_serve();
    }
    if (argc > 2 || (argc > 1 && !parse_count(argv[1], 1, ROUNDS_MAX, &count))) {
        printf("usage: pingpong [1-%u round trips]\n", ROUNDS_MAX);
        return 2;
    }
    const char *const arguments[] = { "pingpong", "serve", NULL };
    int server = exo_spawn("pingpong", arguments, NULL);
    if (server < 0 || wait_until_serving((uint32_t)server) < 0) {
        printf("pingpong: the server did not start\n");
        return 1;
    }
    play((uint32_t)server, 2);
    bench_begin(BENCH_TRANSFER_LIBRARY);
    uint32_t ball = play((uint32_t)server, count);
    bench_end(BENCH_TRANSFER_LIBRARY);
    int is_bare = play_bare((uint32_t)server);
    exo_kill(server);
    exo_wait(server, NULL);
    int is_right = ball == count && is_bare;
    printf("pingpong: %u round trips, %s\n", count, is_right ? "verified" : "WRONG");
    return is_right ? 0 : 1;
}
