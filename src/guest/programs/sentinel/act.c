/*
 * What is done about a finding: the same calls that any environment may make. Aegis looks for the
 * machine binding, which comes from a capability, and refuses without.
 */
#include "sentinel.h"
#include <stdio.h>

static bool is_enabled;

void act_enable(void)
{
    struct aegis_capability owner;

    is_enabled = true;
    if (exo_granted(&owner) < 0)
        printf("sentinel: the machine's owner gave me no capability\n");
    else if (aegis_bind(&owner, 0) < 0)
        printf("sentinel: the capability I was given is dead\n");
}

static void tell(uint32_t envid, const char *what, int result)
{
    if (result >= 0)
        printf("sentinel: %08x: %s\n", envid, what);
    else
        printf("sentinel: %08x: Aegis refuses: %s\n", envid,
               result == -E_RIGHTS ? "I have no right to" : "not possible now");
}

void act_revoke_pages(uint32_t envid, uint32_t count)
{
    static uint32_t refused_for;
    char what[64];

    if (!is_enabled || refused_for == envid)
        return;
    int result = aegis_revoke(envid, AEGIS_KIND_PAGE, count, 0);
    refused_for = result == -E_RIGHTS ? envid : 0;
    snprintf(what, sizeof what, "asked for %u pages", count);
    tell(envid, what, result);
}

void act_swap(uint32_t envid, uint32_t server)
{
    static uint32_t refused_for;

    if (!is_enabled || refused_for == envid)
        return;
    int result = aegis_revoke(envid, AEGIS_KIND_ENV, 1, server);
    refused_for = result < 0 ? envid : 0;
    tell(envid, "told to submit itself to the swap server", result);
}

void act_destroy(uint32_t envid)
{
    if (is_enabled)
        tell(envid, "destroyed", aegis_env_destroy(envid, 137));
}
