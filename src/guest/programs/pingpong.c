/*
 * pingpong [round trips]: starts itself as a server in a second environment and makes synchronous
 * protected control transfers into it; each carries a number there and its successor back. A host
 * measures between pingpong_begin and pingpong_end, with the number of round trips in s0 at the
 * first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READY_TICKS 640

static uint32_t successor(uint32_t caller, uint32_t argument)
{
    (void)caller;
    return argument + 1;
}

static uint32_t __attribute__((noinline)) play(uint32_t server, uint32_t count)
{
    register uint32_t rounds __asm__("$16") = count;
    uint32_t ball = 0;

    __asm__ volatile(".globl pingpong_begin\npingpong_begin:" : "+r"(rounds) : : "memory");
    for (uint32_t i = 0; i < count; i++)
        ball = exo_scall(server, ball);
    __asm__ volatile(".globl pingpong_end\npingpong_end:" : "+r"(rounds) : : "memory");
    return ball;
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
    uint32_t count = argc > 1 ? (uint32_t)atoi(argv[1]) : 1000;

    if (argc > 1 && strcmp(argv[1], "serve") == 0) {
        exo_on_scall(successor);
        exo_serve();
    }
    const char *const arguments[] = { "pingpong", "serve", NULL };
    int server = exo_spawn("pingpong", arguments, NULL);
    if (server < 0 || wait_until_serving((uint32_t)server) < 0) {
        printf("pingpong: the server did not start\n");
        return 1;
    }
    play((uint32_t)server, 2);
    uint32_t ball = play((uint32_t)server, count);
    exo_kill(server);
    exo_wait(server, NULL);
    printf("pingpong: %u round trips, %s\n", count, ball == count ? "verified" : "WRONG");
    return ball == count ? 0 : 1;
}
